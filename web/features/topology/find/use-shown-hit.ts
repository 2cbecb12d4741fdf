'use client'
import { useEffect, useRef } from 'react'

interface Place {
  x?: number
  y: number
  width?: number
  height?: number
}

/** Brings a hit into view when it becomes the one that is shown: its card, or the folded group that it is in. */
export function useShownHit(
  shown: string | undefined,
  places: ReadonlyMap<string, Place>,
  groups: readonly { id: string; members: readonly string[] }[] | undefined,
  show: (centre: { x: number; y: number }) => Promise<void>,
): void {
  const last = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (shown === last.current) return
    const group = groups?.find(({ members }) => members.includes(shown ?? ''))
    const place = shown === undefined ? undefined : (places.get(shown) ?? places.get(group?.id ?? ''))
    // It may be drawn a moment later.
    if (shown !== undefined && place === undefined) return
    last.current = shown
    if (place) void show({ x: (place.x ?? 0) + (place.width ?? 0) / 2, y: place.y + (place.height ?? 0) / 2 })
  }, [shown, places, groups, show])
}
