import type { Topology, TopologyEdge } from '#contracts/api/topology.ts'
import type { GraphLayout, PlacedNode } from './graph-layout.ts'

export interface Point {
  x: number
  y: number
}

/** An edge on the canvas: a cubic curve from the right side of one card to the left side of another. */
export interface PlacedEdge {
  edge: TopologyEdge
  curve: [Point, Point, Point, Point]
  /** SVG path of the curve, and of its arrow head. */
  path: string
  head: string
  /** Half way along the curve, where a label stands. */
  middle: Point
  /** Pixels for a label in the middle of the curve; 0 where there is none. A steep curve leaves more than its gap. */
  labelRoom: number
  /** Roughly, in pixels at 100 %. */
  length: number
}

/** Distance between two edges that leave or enter the same card. */
const portGap = 10
/** An edge that climbs this far is nearly vertical in its middle: a label crosses it instead of covering it. */
const steep = 48

/** Point at share `t` of the curve, 0–1. */
export function pointOn([a, b, c, d]: PlacedEdge['curve'], t: number): Point {
  const u = 1 - t
  const mix = (p: number, q: number, r: number, s: number): number =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) }
}

/** `tileScale`: the zoom at which nodes are tiles of a fixed size on the screen; undefined where they are cards. */
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
  return placed.map(({ edge, from, to }) => {
    const outgoing = placed.filter((other) => other.from === from).sort((a, b) => center(a.to) - center(b.to))
    const incoming = placed.filter((other) => other.to === to).sort((a, b) => center(a.from) - center(b.from))
    const port = (list: typeof placed, node: PlacedNode): number => {
      const at = list.findIndex((other) => other.edge === edge)
      const room = tiles ? 24 / scale : Math.min(node.cardHeight, 76) - 24
      const step = Math.min(gap, room / Math.max(1, list.length - 1))
      return center(node) + (at - (list.length - 1) / 2) * step
    }
    const half = 18 / scale
    const start = tiles
      ? { x: from.x + from.width / 2 + half, y: port(outgoing, from) }
      : { x: from.x + from.width, y: port(outgoing, from) }
    const end = tiles ? { x: to.x + to.width / 2 - half, y: port(incoming, to) } : { x: to.x, y: port(incoming, to) }
    const bend = (start.x + end.x) / 2
    const curve: PlacedEdge['curve'] = [start, { x: bend, y: start.y }, { x: bend, y: end.y }, end]
    const head = 5 / scale
    const wing = 3 / scale
    return {
      edge,
      curve,
      path: `M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}`,
      head: `M${end.x} ${end.y}L${end.x - head} ${end.y + wing}L${end.x - head} ${end.y - wing}Z`,
      middle: pointOn(curve, 0.5),
      labelRoom: tiles ? 0 : end.x - start.x + (Math.abs(end.y - start.y) > steep ? 24 : -4),
      length: Math.hypot(end.x - start.x, end.y - start.y),
    }
  })
}
