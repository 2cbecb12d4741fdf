'use client'
import { type RefObject, useLayoutEffect, useState } from 'react'

/** The width of an element in pixels, now and whenever it changes; until it is measured a usual one. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_200)
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    const take = (): void => setWidth(Math.max(100, watched.clientWidth))
    take()
    const observer = new ResizeObserver(take)
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return width
}
