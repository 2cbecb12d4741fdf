'use client'
import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { fitToScreen, inkOf } from '../canvas-ink.ts'
import { type GraphView, isServiceDim } from '../graph-context.ts'
import type { Dense, DenseMark } from './dense-drawing.ts'

/** Pixels of the line along an edge. */
const edgeWidth = 1

/**
 * A thousand cards on one canvas: each a box with a dot for its state. Drawn again when the view moves, when what is lit changes, and when
 * a state does; figures have no room in it, so that a lab under traffic costs nothing here.
 */
export function DenseLayer({
  dense,
  view,
}: {
  dense: Dense
  view: Pick<GraphView, 'found' | 'lit' | 'trace' | 'selected'>
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const flowStore = useStoreApi()

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const lines = new Path2D()
    for (const { path } of dense.edges) lines.addPath(new Path2D(path))
    let request = 0
    let drawnAt: readonly number[] | undefined

    const draw = (): void => {
      request = 0
      const transform = flowStore.getState().transform
      drawnAt = transform
      const [x, y, zoom] = transform
      fitToScreen(element)
      const ratio = window.devicePixelRatio
      const ink = inkOf(element)
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, element.width, element.height)
      context.setTransform(zoom * ratio, 0, 0, zoom * ratio, x * ratio, y * ratio)
      const faint = view.found !== undefined || view.lit !== undefined || view.trace !== undefined
      context.globalAlpha = faint ? 0.4 : 1
      context.strokeStyle = ink.edge
      context.lineWidth = edgeWidth / zoom
      context.stroke(lines)
      const { states } = useLive.getState()
      const [left, top] = [-x / zoom, -y / zoom]
      const [right, bottom] = [left + element.clientWidth / zoom, top + element.clientHeight / zoom]
      for (const mark of dense.marks) {
        if (mark.x > right || mark.y > bottom || mark.x + mark.width < left || mark.y + mark.height < top) continue
        const isDim = isServiceDim({ ...asView, ...view }, mark.id, mark.queue)
        context.globalAlpha = isDim ? 0.5 : 1
        const isFound = view.found !== undefined && !isDim
        box(context, mark, zoom, ink.raised, isFound || view.selected === mark.id ? ink.accent : ink.border)
        context.fillStyle = isFound ? ink.accent : states[mark.id] === 'up' ? ink.up : ink.down
        const size = Math.min(mark.height * 0.36, 5 / zoom)
        context.beginPath()
        context.arc(mark.x + mark.width / 2, mark.y + mark.height / 2, size, 0, 2 * Math.PI)
        context.fill()
      }
      context.globalAlpha = 1
    }
    const wake = (): void => {
      if (request === 0) request = requestAnimationFrame(draw)
    }
    const stopLive = useLive.subscribe((live, before) => {
      if (live.states !== before.states) wake()
    })
    const stopFlow = flowStore.subscribe(({ transform }) => {
      if (transform !== drawnAt) wake()
    })
    const resized = new ResizeObserver(wake)
    resized.observe(element)
    wake()
    return () => {
      stopLive()
      stopFlow()
      resized.disconnect()
      cancelAnimationFrame(request)
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, element.width, element.height)
    }
  }, [dense, view, flowStore])

  return (
    <canvas
      ref={canvas}
      role="img"
      className="pointer-events-none absolute inset-0 z-2 size-full"
      aria-label={`${dense.marks.length} services, too small to be read here; zoom in, or find one by its name`}
    />
  )
}

/** What dimming looks at beside what this layer is given. */
const asView: GraphView = {
  ...{ selected: undefined, lit: undefined, trace: undefined, quiet: false, tiles: false, tileFigures: false },
  ...{ tileNames: 'none', draft: undefined, found: undefined },
}

function box(context: CanvasRenderingContext2D, mark: DenseMark, zoom: number, fill: string, stroke: string): void {
  context.fillStyle = fill
  context.strokeStyle = stroke
  context.lineWidth = 1 / zoom
  context.fillRect(mark.x, mark.y, mark.width, mark.height)
  context.strokeRect(mark.x, mark.y, mark.width, mark.height)
}
