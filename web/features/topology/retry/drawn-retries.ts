import type { Topology } from '#contracts/api/topology.ts'
import { foldRetries } from '#web/features/nodes/retry-nodes.ts'
import { type GraphLayout, type LayoutRoom, layoutToFill } from '../graph-layout.ts'

interface Drawn {
  /** As it is drawn: with the retry topics of a group in one node if there is no height for one each. */
  topology: Topology
  layout: GraphLayout
  enlarged: number
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

const fits = ({ layout, enlarged }: Drawn, { height }: LayoutRoom): boolean =>
  !layout.tiles && layout.height * enlarged <= height + 1
