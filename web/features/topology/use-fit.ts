'use client'
import { useReactFlow, useStore } from '@xyflow/react'
import { useCallback, useEffect, useState } from 'react'
import type { Drawing } from './use-drawing.ts'

/** The event by which the shell's F key asks the graph to fit. */
export const fitEvent = 'faultline:fit'

/** From here on a card says what it is. */
const readableZoom = 0.8

/** Keeps the whole graph in sight until the reader moves it; Fit, or the F key, brings that back. */
export function useFit(frame: Drawing['frame'], size: { width: number; height: number } | undefined) {
  const { width, height, enlarged, tiles } = frame
  const flow = useReactFlow()
  const [moved, setMoved] = useState(false)
  const [panning, setPanning] = useState(false)
  const ready = useStore((state) => state.panZoom !== null)

  useEffect(() => {
    if (moved || !size || !ready) return
    const zoom = Math.min(enlarged, size.width / width, tiles ? 1 : size.height / height)
    const x = (size.width - width * zoom) / 2
    const y = height * zoom < size.height ? (size.height - height * zoom) / 2 : 0
    flow.setViewport({ x, y, zoom })
  }, [width, height, tiles, size, enlarged, moved, ready, flow])

  const fit = useCallback(() => setMoved(false), [])
  useEffect(() => {
    window.addEventListener(fitEvent, fit)
    return () => window.removeEventListener(fitEvent, fit)
  }, [fit])
  /** Moves this place of the drawing to the middle, near enough to be read. */
  const show = useCallback(
    ({ x, y }: { x: number; y: number }): void => {
      setMoved(true)
      void flow.setCenter(x, y, { zoom: Math.max(flow.getZoom(), readableZoom), duration: 160 })
    },
    [flow],
  )
  const onMoveStart = useCallback((event: unknown) => {
    // Null: the graph moved itself.
    if (event === null) return
    setMoved(true)
    setPanning(true)
  }, [])
  const onMoveEnd = useCallback(() => setPanning(false), [])
  return { fit, panning, onMoveStart, onMoveEnd, show }
}
