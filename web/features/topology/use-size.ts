'use client'
import { type RefObject, useLayoutEffect, useState } from 'react'

/** The size of an element in pixels, now and whenever it changes; undefined until it is measured. */
export function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } | undefined {
  const [size, setSize] = useState<{ width: number; height: number }>()
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    const take = (): void =>
      setSize((before) => {
        const { clientWidth: width, clientHeight: height } = watched
        return before?.width === width && before.height === height ? before : { width, height }
      })
    take()
    const observer = new ResizeObserver(take)
    observer.observe(watched)
    return () => observer.disconnect()
  }, [element])
  return size
}
