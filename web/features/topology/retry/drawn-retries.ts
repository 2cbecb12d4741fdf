import type { Topology } from '#contracts/api/topology.ts'
import { foldRetries } from '#web/features/nodes/retry-nodes.ts'
import { stackTopics } from '#web/features/nodes/topic-stacks.ts'
import { type GraphLayout, type LayoutRoom, layoutToFill } from '../graph-layout.ts'

interface Drawn {
  /** As it is drawn: with the retry topics of a group in one node if there is no height for one each. */
  topology: Topology
  layout: GraphLayout
  enlarged: number
}

/**
 * The layout for the room as it can be read: where topics are too many for that, those with the same links are in one place, or all are
 * if that is not enough.
 */
export function layoutToRead(topology: Topology, room: LayoutRoom): Drawn {
  let drawn = layoutWithRetries(topology, room)
  for (const by of ['links', 'lab'] as const) {
    if (isReadable(drawn, room)) return drawn
    const stacked = layoutWithRetries(stackTopics(topology, by), room)
    // Where other columns are as full nothing is won.
    if (zoomOf(stacked, room) > zoomOf(drawn, room)) drawn = stacked
  }
  return drawn
}

/** The layout for the room, with a node for each retry topic where they fit, else one for each group, and that one low where it must be. */
export function layoutWithRetries(topology: Topology, room: LayoutRoom): Drawn {
  const each = { topology, ...layoutToFill(topology, room) }
  if (fits(each, room)) return each
  const folded = foldRetries(topology)
  if (folded === topology) return each.layout.tiles ? each : asTilesWhereSmall(each, room)
  const whole = { topology: folded, ...layoutToFill(folded, room) }
  if (whole.layout.tiles || fits(whole, room)) return whole
  return asTilesWhereSmall({ topology: folded, ...layoutToFill(folded, { ...room, lowRetries: true }) }, room)
}

/** At a zoom at which all are drawn as tiles anyway they are placed as tiles, with room for their labels, where the room has the height for them. */
function asTilesWhereSmall(drawn: Drawn, room: LayoutRoom): Drawn {
  if (drawn.layout.height * smallestCards <= room.height) return drawn
  const tiles = { topology: drawn.topology, ...layoutToFill(drawn.topology, { ...room, asTiles: true }) }
  return tiles.layout.height * (room.width / tiles.layout.width) <= room.height + 1 ? tiles : drawn
}

/** The zoom below which a node is a tile. */
const smallestCards = 0.75

/** The zoom that the view takes to show all of it. */
const zoomOf = ({ layout, enlarged }: Drawn, { width, height }: LayoutRoom): number =>
  Math.min(enlarged, width / layout.width, height / layout.height)

/** Whether no tile would cover the label of another. */
const isReadable = (drawn: Drawn, room: LayoutRoom): boolean =>
  drawn.layout.tiles
    ? drawn.layout.height * (room.width / drawn.layout.width) <= room.height + 1
    : zoomOf(drawn, room) >= smallestTiles

/** The zoom below which tiles at the distances of cards have no room for their names. */
const smallestTiles = 0.55

const fits = ({ layout, enlarged }: Drawn, { height }: LayoutRoom): boolean =>
  !layout.tiles && layout.height * enlarged <= height + 1
