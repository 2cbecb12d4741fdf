'use client'
import { useMemo, useSyncExternalStore } from 'react'

/**
 * The URL is the state: what is selected, opened and filtered is read from here and written here, so that a link, a
 * reload and the back button show the same. Paths: `/`, `/publish`, `/publish/burst`, `/event-types[/name]`,
 * `/lab`, `/scenarios[/run]`, `/scenarios/compare`.
 * Every page is the same document; moving between them is a `pushState`, which works without the server too.
 */
export interface ScreenPlace {
  path: string
  query: URLSearchParams
}

/** Undefined takes a parameter away. */
export type Patch = Record<string, string | undefined>

const moved = 'faultline:moved'

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener)
  window.addEventListener(moved, listener)
  return () => {
    window.removeEventListener('popstate', listener)
    window.removeEventListener(moved, listener)
  }
}

const here = (): string => window.location.pathname + window.location.search

/** Where the browser is. Undefined while the server renders, which does not know what the URL selects. */
export function usePlace(): ScreenPlace | undefined {
  const text = useSyncExternalStore(subscribe, here, () => undefined)
  return useMemo(() => (text === undefined ? undefined : screenPlaceOf(text)), [text])
}

/** One parameter of the query; undefined if it is absent. */
export function useParam(name: string): string | undefined {
  return usePlace()?.query.get(name) ?? undefined
}

export function screenPlaceOf(text: string): ScreenPlace {
  const [path = '/', query = ''] = text.split('?')
  return { path, query: new URLSearchParams(query) }
}

/** The address of `path` with the current query changed by `patch`. */
export function hrefFrom(place: ScreenPlace, path: string, patch: Patch = {}): string {
  const query = new URLSearchParams(place.query)
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || value === '') query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

const currentPlace = (): ScreenPlace => ({
  path: window.location.pathname,
  query: new URLSearchParams(window.location.search),
})

/** Goes to `path`, keeping the query but for `patch`. `replace`: the back button does not return to where we are. */
export function go(path: string, patch: Patch = {}, { replace = false } = {}): void {
  const href = hrefFrom(currentPlace(), path, patch)
  if (href === here()) return
  // The router's own state rides along: without it Next would load the page again when the reader comes back to it.
  if (replace) window.history.replaceState(window.history.state, '', href)
  else window.history.pushState(window.history.state, '', href)
  window.dispatchEvent(new Event(moved))
}

/** Changes parameters and stays on the path. */
export function setParams(patch: Patch, options?: { replace?: boolean }): void {
  go(window.location.pathname, patch, options)
}
