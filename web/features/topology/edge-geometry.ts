import type { Topology, TopologyEdge } from '#contracts/api/topology.ts'
import { carriedBy, isRetry } from '#web/features/nodes/retry-nodes.ts'
import type { GraphLayout, PlacedNode } from './graph-layout.ts'

export interface Point {
  x: number
  y: number
}

export type Curve = [Point, Point, Point, Point]

/** An edge on the canvas: cubic curves from the right side of one card to the left side of another; one, unless it runs around cards. */
export interface PlacedEdge {
  edge: TopologyEdge
  curves: Curve[]
  /** Share of the way at which each curve ends, 0–1. */
  stops: number[]
  /** Edges of the topology whose messages it carries, where it represents several. */
  carries?: string[]
  /** SVG path of the curves, and of the arrow head. */
  path: string
  head: string
  /** Half way along, where its label is. */
  middle: Point
  /** Pixels for a label in the middle of the curve; 0 if there is none. A steep curve leaves more than its gap. */
  labelRoom: number
  /** Roughly, in pixels at 100 %. */
  length: number
}

/** Distance between two edges that leave or enter the same card. */
const portGap = 10
/** A way into a retry topic ends below its middle and the way out begins above, in gaps. */
const retryPort = 0.75
/** From the middle of a tile to where a way back leaves it, below those that come in, in pixels on the screen. Its foot has the label. */
const tileCorner = 13
/** An edge that climbs this far is nearly vertical in its middle: a label crosses it instead of covering it. */
const steep = 48

/** Point at share `t` of the curve, 0–1. */
export function pointOn([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t
  const mix = (p: number, q: number, r: number, s: number): number =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) }
}

/** Point at share `t` of the whole way, 0–1. */
export function pointAlong({ curves, stops }: Pick<PlacedEdge, 'curves' | 'stops'>, t: number): Point {
  const at = Math.max(
    0,
    stops.findIndex((stop) => t <= stop),
  )
  const [curve, from, to] = [curves[at], at === 0 ? 0 : (stops[at - 1] ?? 0), stops[at] ?? 1]
  return curve ? pointOn(curve, to === from ? 0 : (t - from) / (to - from)) : { x: 0, y: 0 }
}

/** The edge along these curves. `scale`: the zoom at which its head has the size that it has at 100 %. */
export function edgeAlong(
  edge: TopologyEdge,
  curves: Curve[],
  scale: number,
): Omit<PlacedEdge, 'labelRoom' | 'carries'> {
  const lengths = curves.map(([from, , , to]) => Math.hypot(to.x - from.x, to.y - from.y))
  const length = lengths.reduce((sum, one) => sum + one, 0)
  let passed = 0
  const stops = lengths.map((one) => {
    passed += one
    return length === 0 ? 1 : passed / length
  })
  const [start] = curves[0] ?? []
  const end = curves.at(-1)?.[3] ?? { x: 0, y: 0 }
  // It points to where the way ends: to the left where that comes from the right.
  const isLeft = (curves.at(-1)?.[2].x ?? end.x) > end.x
  const head = (isLeft ? -5 : 5) / scale
  const wing = 3 / scale
  const way = curves.map(([, b, c, d]) => `C${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`).join('')
  return {
    ...{ edge, curves, stops, length },
    path: `M${start?.x ?? 0} ${start?.y ?? 0}${way}`,
    head: `M${end.x} ${end.y}L${end.x - head} ${end.y + wing}L${end.x - head} ${end.y - wing}Z`,
    middle: pointAlong({ curves, stops }, 0.5),
  }
}

/** From the foot of a card down, and to the left into the right side of another. */
const loopCurve = (start: Point, end: Point): Curve => [
  start,
  { x: start.x, y: end.y - (end.y - start.y) * 0.1 },
  { x: start.x - (start.x - end.x) * 0.3, y: end.y },
  end,
]

/** From the left side of a tile to the right side of another. */
function backCurve(start: Point, end: Point): Curve {
  const bend = (start.x + end.x) / 2
  return [start, { x: bend, y: start.y }, { x: bend, y: end.y }, end]
}

/** `tileScale`: the zoom at which nodes are tiles of a fixed size on the screen; undefined if they are cards. */
export function placeEdges(topology: Topology, layout: GraphLayout, tileScale?: number): PlacedEdge[] {
  const tiles = tileScale !== undefined
  const scale = tileScale ?? 1
  const placed = topology.edges.flatMap((edge) => {
    const from = layout.nodes.get(edge.from)
    const to = layout.nodes.get(edge.to)
    return from && to ? [{ edge, from, to }] : []
  })
  const center = (node: PlacedNode): number => (tiles ? node.y + 18 / scale : node.y + node.cardHeight / 2)
  const gap = tiles ? 5 / scale : portGap
  const half = 18 / scale
  // What waits for another attempt leaves the consumer below, and comes back from a retry topic as from a queue.
  const isToRetry = ({ to }: (typeof placed)[number]): boolean => isRetry(to.node)
  return placed.map((one) => {
    const { edge, from, to } = one
    const carries = carriedBy(edge)
    const folded = carries === undefined ? {} : { carries: [...carries] }
    if (isToRetry(one)) {
      const all = placed.filter((other) => other.from === from && isToRetry(other)).sort((a, b) => a.to.y - b.to.y)
      const end = { x: tiles ? to.x + to.width / 2 + half : to.x + to.width, y: center(to) + gap * retryPort }
      const foot = {
        x: from.x + from.width / 2 + (all.indexOf(one) - all.length / 2) * 14,
        y: from.y + from.cardHeight,
      }
      const curve = tiles
        ? backCurve({ x: from.x + from.width / 2 - half, y: center(from) + tileCorner / scale }, end)
        : loopCurve(foot, end)
      return { ...edgeAlong(edge, [curve], scale), ...folded, labelRoom: 0 }
    }
    const outgoing = placed
      .filter((other) => other.from === from && !isToRetry(other))
      .sort((a, b) => center(a.to) - center(b.to))
    const incoming = placed.filter((other) => other.to === to).sort((a, b) => center(a.from) - center(b.from))
    const port = (list: typeof placed, node: PlacedNode): number => {
      const at = list.findIndex((other) => other.edge === edge)
      const room = tiles ? 24 / scale : Math.min(node.cardHeight, 76) - 24
      const step = Math.min(gap, room / Math.max(1, list.length - 1))
      return center(node) + (at - (list.length - 1) / 2) * step
    }
    const start = tiles
      ? { x: from.x + from.width / 2 + half, y: port(outgoing, from) }
      : { x: from.x + from.width, y: port(outgoing, from) }
    const end = tiles ? { x: to.x + to.width / 2 - half, y: port(incoming, to) } : { x: to.x, y: port(incoming, to) }
    if (isRetry(from.node)) start.y -= gap * retryPort
    const bend = (start.x + end.x) / 2
    const curve: Curve = [start, { x: bend, y: start.y }, { x: bend, y: end.y }, end]
    return {
      ...{ ...edgeAlong(edge, [curve], scale), ...folded },
      labelRoom: tiles || isRetry(from.node) ? 0 : end.x - start.x + (Math.abs(end.y - start.y) > steep ? 24 : -4),
    }
  })
}
