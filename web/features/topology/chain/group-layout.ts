import { footRoom, headRoom } from '../graph-layout.ts'
import { type Box, type ColumnBox, inColumns } from './columns.ts'
import type { FoldedTopology } from './fold-services.ts'
import { type Bundle, bundlesOf, type ServiceGroup, shownFor } from './groups.ts'

/** Where groups, services of open groups and services of no group are; pixels at 100 %. */
export interface GroupLayout {
  /** Cards: folded groups and services. */
  boxes: Map<string, Box>
  /** Frames around the services of open groups, by id of the group. */
  frames: Map<string, Box>
  bundles: Bundle[]
  /** Ids of bundles that lead back. */
  back: Set<string>
  width: number
  height: number
}

/** Sizes of a folded group and of a service beside it, pixels at 100 %. */
export const groupCard = { width: 152, height: 92 }
export const serviceCard = { width: 136, height: 60 }
const outside = { x: 84, y: 56, highest: 1_600 }
const inside = { x: 48, y: 40, highest: 1_200 }
/** Pixels at 100 % of the head of a frame. */
export const groupFrameHead = 44
/** Within a frame, around its services. */
const frameRoom = { side: 16, head: groupFrameHead, foot: 24 }
const margin = 24

/** Groups as cards, the services of `open` ones in a frame in their place, everything else as a small card. */
export function layoutGroups(
  folded: FoldedTopology,
  groups: readonly ServiceGroup[],
  open: ReadonlySet<string>,
  room: { width: number; height: number },
): GroupLayout {
  const shown = shownFor(groups, open)
  const bundles = bundlesOf(folded, shown)
  const groupOf = new Map(groups.flatMap(({ id, members }) => members.map((member) => [member, id] as const)))
  const inner = new Map(
    groups
      .filter(({ prefix }) => open.has(prefix))
      .map((group) => {
        const own = bundles.filter(({ from, to }) => groupOf.get(from) === group.id && groupOf.get(to) === group.id)
        const items = group.members.map((id) => ({ id, ...serviceCard, port: serviceCard.height / 2 }))
        return [group.id, { own, ...inColumns(items, own, inside) }] as const
      }),
  )
  const outer = (id: string): string => groupOf.get(id) ?? id
  const items: ColumnBox[] = groups.map(({ id }) => {
    const part = inner.get(id)
    const size = part
      ? { width: part.width + 2 * frameRoom.side, height: part.height + frameRoom.head + frameRoom.foot }
      : groupCard
    return { id, ...size, port: size.height / 2 }
  })
  for (const { id, kind } of folded.nodes) {
    if (kind !== 'topic' && !groupOf.has(id)) items.push({ id, ...serviceCard, port: serviceCard.height / 2 })
  }
  const links = bundles
    .map(({ id, from, to }) => ({ id, from: outer(from), to: outer(to) }))
    .filter(({ from, to }) => from !== to)
  const columns = inColumns(items, links, outside)
  const left = Math.max(margin, (room.width - columns.width) / 2)
  const top = headRoom + Math.max(0, (room.height - headRoom - footRoom - columns.height) / 2)
  const boxes = new Map<string, Box>()
  const frames = new Map<string, Box>()
  for (const [id, box] of columns.boxes) {
    const moved = { ...box, x: Math.round(left + box.x), y: Math.round(top + box.y) }
    const part = inner.get(id)
    if (!part) {
      boxes.set(id, moved)
      continue
    }
    frames.set(id, moved)
    for (const [member, place] of part.boxes) {
      boxes.set(member, {
        ...place,
        column: moved.column,
        x: moved.x + frameRoom.side + place.x,
        y: moved.y + frameRoom.head + place.y,
      })
    }
  }
  const back = new Set([...columns.back, ...[...inner.values()].flatMap((part) => [...part.back])].map(({ id }) => id))
  return {
    ...{ boxes, frames, bundles, back },
    width: Math.max(room.width, columns.width + 2 * left),
    height: Math.max(room.height, columns.height + headRoom + footRoom),
  }
}
