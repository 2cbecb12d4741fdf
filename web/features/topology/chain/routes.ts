import { type Curve, type Point, pointOn } from '../edge-geometry.ts'
import type { Box } from './columns.ts'

/** An edge to be drawn between two boxes. */
export interface WantedRoute {
  id: string
  from: string
  to: string
  /** Leads to an earlier column. */
  back: boolean
}

/** The line of an edge. */
export interface Route {
  curves: Curve[]
  /** Whether it runs around cards instead of straight to its end. */
  around: boolean
}

/** An edge that passes a card runs so far below it. */
export const laneDown = 36
/** Distance of two lines that meet one box, and of two that run below the same cards. */
const portGap = 10
const laneGap = 14
/** A line keeps so far from a card that it passes. */
const clear = 8
/** Length of the bend into and out of a lane. */
const bend = 62

interface Meeting {
  start: Point
  end: Point
}

/** `half`: from the middle of a box to the side where lines meet it; undefined: to its own edge. */
export interface RouteLook {
  half: number | undefined
  /** Pixels on the screen for one of the drawing. */
  scale: number
}

/**
 * Lines from the right side of a box to the left side of another. One that would cross a card runs below the lowest card that it
 * passes, all of one source in one lane; one that leads back runs above what it passes.
 */
export function routesOf(
  boxes: ReadonlyMap<string, Box>,
  wanted: readonly WantedRoute[],
  { half, scale }: RouteLook,
): Map<string, Route> {
  const all = [...boxes.values()]
  const first = meetingsOf(boxes, wanted, { half, scale }, () => undefined)
  const ways = new Map(wanted.map((edge) => [edge.id, wayOf(edge, first.get(edge.id), all, scale)]))
  // Lines that run around cards meet their ends outside of those that run straight.
  const meetings = meetingsOf(boxes, wanted, { half, scale }, (id) => ways.get(id))
  const lanes: Lane[] = []
  const routes = new Map<string, Route>()
  for (const edge of wanted) {
    const from = boxes.get(edge.from)
    const to = boxes.get(edge.to)
    const meeting = meetings.get(edge.id)
    if (!from || !to || !meeting) continue
    const way = ways.get(edge.id)
    if (way === 'above') {
      const passed = within(all, meeting.end.x - 1, meeting.start.x + 1)
      const top = Math.min(from.y, to.y, ...passed.map((box) => box.y)) - laneDown / 2 / scale
      routes.set(edge.id, { curves: over(meeting, laneAt(lanes, 'above', edge, meeting, top, scale)), around: true })
    } else if (way === 'below') {
      const passed = within(all, meeting.start.x + 1, meeting.end.x - 1)
      const lowest = Math.max(...passed.map((box) => box.y + box.height)) + laneDown / scale
      routes.set(edge.id, {
        curves: under(meeting, laneAt(lanes, 'below', edge, meeting, lowest, scale)),
        around: true,
      })
    } else routes.set(edge.id, { curves: [direct(meeting)], around: false })
  }
  return routes
}

type Way = 'straight' | 'above' | 'below'

function wayOf(edge: WantedRoute, meeting: Meeting | undefined, boxes: readonly Box[], scale: number): Way {
  if (!meeting) return 'straight'
  if (edge.back || meeting.end.x <= meeting.start.x) return 'above'
  const passed = within(boxes, meeting.start.x + 1, meeting.end.x - 1)
  return crosses(direct(meeting), passed, clear / scale) ? 'below' : 'straight'
}

function meetingsOf(
  boxes: ReadonlyMap<string, Box>,
  wanted: readonly WantedRoute[],
  { half, scale }: RouteLook,
  way: (edge: string) => Way | undefined,
): Map<string, Meeting> {
  const line = (id: string): number => {
    const box = boxes.get(id)
    return box ? box.y + box.port : 0
  }
  const offsets = (end: 'from' | 'to', other: 'from' | 'to'): Map<string, number> => {
    const groups = new Map<string, WantedRoute[]>()
    for (const edge of wanted) {
      const group = groups.get(edge[end])
      if (group) group.push(edge)
      else groups.set(edge[end], [edge])
    }
    const found = new Map<string, number>()
    for (const [id, group] of groups) {
      const room = half === undefined ? Math.min(boxes.get(id)?.height ?? 0, 76) - 24 : 24 / scale
      const step = Math.min(
        (half === undefined ? portGap : 5) / scale,
        Math.max(0, room) / Math.max(1, group.length - 1),
      )
      const height = (edge: WantedRoute): number => {
        const side = way(edge.id)
        return side === 'above' ? -Infinity : side === 'below' ? Infinity : line(edge[other])
      }
      group.sort((a, b) => {
        const [one, two] = [height(a), height(b)]
        return one === two ? 0 : one - two
      })
      for (const [at, edge] of group.entries()) found.set(edge.id, (at - (group.length - 1) / 2) * step)
    }
    return found
  }
  const leaving = offsets('from', 'to')
  const arriving = offsets('to', 'from')
  const meetings = new Map<string, Meeting>()
  for (const { id, from, to } of wanted) {
    const source = boxes.get(from)
    const target = boxes.get(to)
    if (!source || !target) continue
    const right = half === undefined ? source.x + source.width : source.x + source.width / 2 + half
    const left = half === undefined ? target.x : target.x + target.width / 2 - half
    meetings.set(id, {
      start: { x: right, y: line(from) + (leaving.get(id) ?? 0) },
      end: { x: left, y: line(to) + (arriving.get(id) ?? 0) },
    })
  }
  return meetings
}

/** Boxes that are wholly between two places. */
const within = (boxes: readonly Box[], left: number, right: number): Box[] =>
  boxes.filter((box) => box.x >= left && box.x + box.width <= right)

const direct = ({ start, end }: Meeting): Curve => {
  const middle = (start.x + end.x) / 2
  return [start, { x: middle, y: start.y }, { x: middle, y: end.y }, end]
}

const samples = 24

function crosses(curve: Curve, cards: readonly Box[], room: number): boolean {
  if (cards.length === 0) return false
  const points = Array.from({ length: samples + 1 }, (_, at) => pointOn(curve, at / samples))
  return cards.some((box) => {
    const inside = ({ x, y }: Point): boolean =>
      x > box.x - room && x < box.x + box.width + room && y > box.y - room && y < box.y + box.height + room
    return points.some(inside)
  })
}

interface Lane {
  side: 'above' | 'below'
  source: string
  from: number
  to: number
  y: number
}

/** The height of a lane at `y` or, where another source has that stretch, beside it. */
function laneAt(
  lanes: Lane[],
  side: Lane['side'],
  edge: WantedRoute,
  { start, end }: Meeting,
  y: number,
  scale: number,
): number {
  const [from, to] = [Math.min(start.x, end.x), Math.max(start.x, end.x)]
  const gap = laneGap / scale
  const way = side === 'below' ? gap : -gap
  let height = y
  const isTaken = (): boolean =>
    lanes.some(
      (other) =>
        other.side === side &&
        other.source !== edge.from &&
        other.from < to &&
        from < other.to &&
        Math.abs(other.y - height) < gap,
    )
  while (isTaken()) height += way
  lanes.push({ side, source: edge.from, from, to, y: height })
  return height
}

const along = (from: Point, to: Point): Curve => [
  from,
  { x: from.x + (to.x - from.x) / 3, y: from.y + (to.y - from.y) / 3 },
  { x: from.x + ((to.x - from.x) * 2) / 3, y: from.y + ((to.y - from.y) * 2) / 3 },
  to,
]

/** Down into the lane at `y`, along it, and up again. */
function under({ start, end }: Meeting, y: number): Curve[] {
  const reach = Math.min(bend, (end.x - start.x) / 3)
  const down = { x: start.x + reach, y }
  const up = { x: end.x - reach * 1.3, y }
  return [
    [start, { x: start.x + reach * 0.42, y: start.y }, { x: start.x + reach * 0.2, y }, down],
    along(down, up),
    [up, { x: end.x - reach * 0.65, y }, { x: end.x - reach * 0.65, y: end.y }, end],
  ]
}

/** Out, up to the lane at `y`, back to the left, and in. */
function over({ start, end }: Meeting, y: number): Curve[] {
  const right = { x: start.x + 4, y }
  const left = { x: end.x - 4, y }
  return [
    [start, { x: start.x + 34, y: start.y }, { x: start.x + 34, y }, right],
    along(right, left),
    [left, { x: end.x - 34, y }, { x: end.x - 34, y: end.y }, end],
  ]
}
