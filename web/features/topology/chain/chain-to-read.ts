import { stackTopics } from '#web/features/nodes/topic-stacks.ts'
import { type ChainLayout, type ChainRoom, layoutChainToFill } from './chain-layout.ts'
import type { FoldedTopology } from './fold-services.ts'

/** Below this zoom the names of tiles have no room. */
const smallestTiles = 0.5

/** The layout that fills the room, with topics of the same links in one place if all of them would be too small to be read. */
export function layoutChainToRead(
  folded: FoldedTopology,
  room: ChainRoom,
): { folded: FoldedTopology; layout: ChainLayout; enlarged: number } {
  const each = { folded, ...layoutChainToFill(folded, room) }
  const zoomOf = ({ layout }: { layout: ChainLayout }): number =>
    Math.min(room.width / layout.width, room.height / layout.height)
  if (zoomOf(each) >= smallestTiles) return each
  const fewer = { ...folded, ...stackTopics(folded, 'links') }
  const stacked = { folded: fewer, ...layoutChainToFill(fewer, room) }
  return zoomOf(stacked) > zoomOf(each) ? stacked : each
}
