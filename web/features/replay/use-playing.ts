'use client'
import { useEffect } from 'react'
import { keepInAddress, useReplay } from './replay-store.ts'

/** How often the screen follows the playhead while it plays, and the address does. Milliseconds. */
const screenMs = 250
const addressMs = 2_000

/** Moves the playhead while it plays, up to `end`, epoch milliseconds; there it stops. */
export function usePlaying(end: number | undefined): void {
  const playing = useReplay((replay) => replay.playing)
  useEffect(() => {
    if (!playing || end === undefined) return
    let last = performance.now()
    let shown = last
    let kept = last
    let request = requestAnimationFrame(function move(now: number) {
      const { t, speed, seek, play } = useReplay.getState()
      if (t === undefined) return
      const next = Math.min(end, t + (now - last) * speed)
      last = now
      if (now - shown >= screenMs || next === end) {
        shown = now
        seek(next)
      } else useReplay.setState({ t: next })
      if (now - kept >= addressMs) {
        kept = now
        keepInAddress()
      }
      if (next >= end) return play(false)
      request = requestAnimationFrame(move)
    })
    return () => {
      cancelAnimationFrame(request)
      keepInAddress()
    }
  }, [playing, end])
}
