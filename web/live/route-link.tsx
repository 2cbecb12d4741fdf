'use client'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { go, hrefFrom, type Patch, usePlace } from './url-state.ts'

interface RouteLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** Default: the path we are on. */
  path?: string
  patch?: Patch
}

/** A link within the lab: a real address, so it can be copied and opened in a tab, followed without loading a page. */
export function RouteLink({ path, patch, onClick, ...rest }: RouteLinkProps) {
  const place = usePlace() ?? { path: '/', query: new URLSearchParams() }
  const target = path ?? place.path
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (event.defaultPrevented || !plain) return
    event.preventDefault()
    go(target, patch)
  }
  return <a {...rest} href={hrefFrom(place, target, patch)} onClick={follow} />
}
