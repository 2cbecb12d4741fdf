/** A group as it is drawn, in the units of the drawing. */
export interface GroupBox {
  id: string
  prefix: string
  members: number
  x: number
  y: number
  width: number
  height: number
}

/** What is in view: the place of the drawing's origin on the screen, its zoom, and the room in pixels. */
export interface InView {
  x: number
  y: number
  zoom: number
  width: number
  height: number
}

/** A group that is out of view, at the edge behind which it is. */
export interface OffViewGroup {
  group: GroupBox
  side: 'left' | 'right' | 'top' | 'bottom'
  /** Middle of its pill along that edge, in pixels. */
  at: number
}

/** Pixels between the middles of two pills, down an edge and along one. */
const step = { down: 28, along: 148 }
/** What stays free at the ends of an edge: half a pill, the heads and the foot of the canvas, and the pills of the other edges. */
const room = { down: { start: 80, end: 88 }, along: { start: 80, end: 80 } }
/** Pills at one edge at most; those of the nearest groups. */
const most = 6

/** The groups of which nothing is in view, each at the edge that is nearest to it; no two pills of an edge are over each other. */
export function offViewGroups(groups: readonly GroupBox[], view: InView): OffViewGroup[] {
  const off = groups.flatMap((group): (OffViewGroup & { away: number })[] => {
    const left = view.x + group.x * view.zoom
    const top = view.y + group.y * view.zoom
    const [right, bottom] = [left + group.width * view.zoom, top + group.height * view.zoom]
    const beyond = { left: -right, right: left - view.width, top: -bottom, bottom: top - view.height }
    const side = (['left', 'right', 'top', 'bottom'] as const).reduce((a, b) => (beyond[b] > beyond[a] ? b : a))
    if (beyond[side] < 0) return []
    const isDown = side === 'left' || side === 'right'
    return [{ group, side, at: isDown ? (top + bottom) / 2 : (left + right) / 2, away: beyond[side] }]
  })
  return (['left', 'right', 'top', 'bottom'] as const).flatMap((side) => {
    const isDown = side === 'left' || side === 'right'
    const length = isDown ? view.height : view.width
    const least = isDown ? step.down : step.along
    const { start, end } = isDown ? room.down : room.along
    const fits = Math.max(0, Math.min(most, Math.floor((length - start - end) / least) + 1))
    const nearest = off
      .filter((one) => one.side === side)
      .sort((a, b) => a.away - b.away)
      .slice(0, fits)
      .sort((a, b) => a.at - b.at)
    return spread(nearest, least, start, length - end)
  })
}

/** Moves places that are too near to each other apart, in their order, between `from` and `to`. */
function spread(pills: readonly OffViewGroup[], least: number, from: number, to: number): OffViewGroup[] {
  const places: number[] = []
  for (const { at } of pills) places.push(Math.max(at, (places.at(-1) ?? from - least) + least))
  for (let index = places.length - 1, end = to; index >= 0; index -= 1, end -= least)
    places[index] = Math.min(places[index] ?? end, end)
  return pills.map(({ group, side }, index) => ({ group, side, at: places[index] ?? from }))
}
