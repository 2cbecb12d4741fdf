'use client'
import { useReactFlow, useStore, type Viewport } from '@xyflow/react'
import { useCallback, useEffect, useState } from 'react'
import type { Drawing } from './use-drawing.ts'

/** The event by which the shell's F key asks the graph to fit. */
export const fitEvent = 'faultline:fit'

/** From here on a card says what it is. */
const readableZoom = 0.8

type Frame = Pick<Drawing['frame'], 'width' | 'height' | 'enlarged' | 'tiles'>
type SetViewport = (viewport: Viewport) => unknown

/**
 * Where the view is. FITTED: each layout brings the whole graph into sight. MOVED: layouts leave the view where the reader put it, until
 * `fit`.
 */
export function createSight() {
  let moved = false
  let fitted: (() => void) | undefined
  return {
    /** The graph, or the room that it has, changed. */
    laidOut(
      { width, height, enlarged, tiles }: Frame,
      size: { width: number; height: number },
      set: SetViewport,
    ): void {
      fitted = () => {
        const zoom = Math.min(enlarged, size.width / width, tiles ? 1 : size.height / height)
        const x = (size.width - width * zoom) / 2
        const y = height * zoom < size.height ? (size.height - height * zoom) / 2 : 0
        set({ x, y, zoom })
      }
      if (!moved) fitted()
    },
    /** The reader moved the view. */
    moved(): void {
      moved = true
    },
    /** Moves the view for the reader. */
    moveTo(viewport: Viewport, set: SetViewport): void {
      moved = true
      set(viewport)
    },
    fit(): void {
      moved = false
      fitted?.()
    },
  }
}

/** Keeps the whole graph in sight until the reader moves it; Fit, or the F key, brings that back. */
export function useFit(frame: Drawing['frame'], size: { width: number; height: number } | undefined) {
  const { width, height, enlarged, tiles } = frame
  const flow = useReactFlow()
  const [sight] = useState(createSight)
  const [panning, setPanning] = useState(false)
  const ready = useStore((state) => state.panZoom !== null)

  useEffect(() => {
    if (size && ready) sight.laidOut({ width, height, tiles, enlarged }, size, flow.setViewport)
  }, [width, height, tiles, size, enlarged, ready, flow, sight])

  const fit = sight.fit
  useEffect(() => {
    window.addEventListener(fitEvent, fit)
    return () => window.removeEventListener(fitEvent, fit)
  }, [fit])
  /** Moves this place of the drawing to the middle, near enough to be read; resolves once it is there. */
  const show = useCallback(
    async ({ x, y }: { x: number; y: number }): Promise<void> => {
      sight.moved()
      await flow.setCenter(x, y, { zoom: Math.max(flow.getZoom(), readableZoom), duration: 160 })
    },
    [flow, sight],
  )
  /** Moves the view as the reader asks on the map. */
  const moveTo = useCallback((to: Viewport): void => sight.moveTo(to, flow.setViewport), [flow, sight])
  const onMoveStart = useCallback(
    (event: unknown) => {
      // Null: the graph moved itself.
      if (event === null) return
      sight.moved()
      setPanning(true)
    },
    [sight],
  )
  const onMoveEnd = useCallback(() => setPanning(false), [])
  return { fit, panning, onMoveStart, onMoveEnd, show, moveTo }
}
