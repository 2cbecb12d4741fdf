'use client'
import { useStore, type Viewport } from '@xyflow/react'
import { memo, type PointerEvent, useMemo } from 'react'
import { type GraphView, useGraphView } from '../graph-context.ts'
import type { MiniBox } from './mini-boxes.ts'

/** Pixels of the map. */
const map = { width: 224, height: 84, room: 6 }

/** The whole graph in a corner: the frame is what is in view, what was found is marked. A click or drag moves the view there. */
export function Minimap({
  boxes,
  width,
  height,
  onMove,
}: {
  boxes: readonly MiniBox[]
  width: number
  height: number
  /** Moves the view, which then stays there when the graph is laid out again. */
  onMove: (to: Viewport) => void
}) {
  const { found } = useGraphView()
  const [x, y, zoom] = useStore((flow) => flow.transform)
  const seen = useStore((flow) => `${flow.width} ${flow.height}`)
  const [wide = 0, high = 0] = seen.split(' ').map(Number)
  const scale = Math.min((map.width - 2 * map.room) / width, (map.height - 2 * map.room) / height)
  const left = (map.width - width * scale) / 2
  const top = (map.height - height * scale) / 2

  const moveTo = (event: PointerEvent<SVGSVGElement>): void => {
    const place = event.currentTarget.getBoundingClientRect()
    const centre = { x: (event.clientX - place.left - left) / scale, y: (event.clientY - place.top - top) / scale }
    onMove({ x: wide / 2 - centre.x * zoom, y: high / 2 - centre.y * zoom, zoom })
  }
  return (
    <svg
      className="nopan absolute right-4 bottom-13 z-4 cursor-pointer rounded-md border border-border bg-surface"
      width={map.width}
      height={map.height}
      role="img"
      aria-label="Map of the graph; the frame is what is in view"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        moveTo(event)
      }}
      onPointerMove={(event) => event.buttons > 0 && moveTo(event)}
    >
      <g transform={`translate(${left} ${top}) scale(${scale})`}>
        <Boxes boxes={boxes} found={found} scale={scale} />
        <rect
          x={-x / zoom}
          y={-y / zoom}
          width={wide / zoom}
          height={high / zoom}
          className="fill-none stroke-[var(--text-3)]"
          strokeWidth={1.5 / scale}
          data-view
        />
      </g>
    </svg>
  )
}

const pathOf = (boxes: readonly MiniBox[]): string =>
  boxes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join('')

/** Three paths whatever the number of boxes; they stay as they are while the view moves. */
const Boxes = memo(function Boxes({
  boxes,
  found,
  scale,
}: {
  boxes: readonly MiniBox[]
  found: GraphView['found']
  scale: number
}) {
  const paths = useMemo(() => {
    const isFound = ({ ids }: MiniBox): boolean => found !== undefined && ids.some((id) => found.has(id))
    const cards = boxes.filter(({ isFrame }) => !isFrame)
    return {
      frames: pathOf(boxes.filter(({ isFrame }) => isFrame)),
      other: pathOf(cards.filter((box) => !isFound(box))),
      found: pathOf(cards.filter(isFound)),
    }
  }, [boxes, found])
  return (
    <>
      <path
        d={paths.frames}
        className="fill-none stroke-[var(--text-3)]"
        strokeWidth={1 / scale}
        strokeDasharray={`${2 / scale}`}
      />
      <path d={paths.other} className="fill-[var(--text-3)] opacity-70" />
      <path d={paths.found} className="fill-accent" data-found />
    </>
  )
})
