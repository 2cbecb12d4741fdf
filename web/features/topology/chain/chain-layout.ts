import type { TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'
import { footRoom, headRoom } from '../graph-layout.ts'
import { type Box, type ColumnBox, type Columns, inColumns } from './columns.ts'
import type { FoldedTopology } from './fold-services.ts'
import { laneDown } from './routes.ts'

/** Head of a stage, over its services. */
export interface StageHead {
  label: string
  shortLabel: string
  x: number
  width: number
}

/** Where everything of a chain is; lengths are pixels at 100 %. */
export interface ChainLayout {
  boxes: Map<string, Box>
  heads: StageHead[]
  /** Ids of edges that lead back to an earlier stage. */
  back: Set<string>
  width: number
  height: number
  /** Pixels between the middles of two columns at least: what a label has. */
  pitch: number
  /** Of two topics above each other: what a tile has with its label. */
  row: number
  /** Pixels that the label of a topic has between two cards. */
  topicRoom: number
  /** Laid out for tiles of one size on the screen. */
  tiles: boolean
}

/** What a card, a source and a topic take. Below 75 % all of them are tiles. */
const card = { width: 152, height: 112 }
const source = { width: 144, height: 112 }
const replicaRow = 18
/** A tile is 36 wide and has two lines below it. */
export const tile = { size: 36, height: 68 }
/** Between a card and the topic beside it: as drawn, and in a narrow room. */
const wideGap = 46
const tightGap = 38
const rowGap = 24
/** Free room is shared among the gaps, up to so many times of what is drawn. */
const mostStretched = 1.6
/** A stage higher than this is in several columns. */
const highestStage = 2_400
const margin = 20
/** Zoom at which tiles are laid out where cards have no room, and what one takes on the screen. */
export const tileZoom = 0.62
const tileRoom = { width: 100, height: 74 }
export const cardsFromZoom = 0.75

export interface ChainRoom {
  width: number
  height: number
  /** Rows of replicas that cards show, by id of the service. */
  rows: ReadonlyMap<string, number>
}

/** Cards grow to this at most, and only in a window that is wider than the one they are drawn for. */
const mostEnlarged = 1.4
const drawnFor = 1_440

/** The layout and the zoom at which it fills the room: 1, or more in a large window with room for it. */
export function layoutChainToFill(folded: FoldedTopology, room: ChainRoom): { layout: ChainLayout; enlarged: number } {
  const layout = layoutChain(folded, room)
  const least = layoutChain(folded, { ...room, width: drawnFor, height: 0 })
  const enlarged = Math.min(mostEnlarged, room.width / Math.max(drawnFor, least.width), room.height / least.height)
  if (enlarged <= 1) return { layout, enlarged: 1 }
  const smaller = { ...room, width: room.width / enlarged, height: room.height / enlarged }
  return { layout: layoutChain(folded, smaller), enlarged }
}

/** Places services by stages and topics between them; as tiles where cards would have to be smaller than they can be read. */
export function layoutChain(folded: FoldedTopology, room: ChainRoom): ChainLayout {
  const isTopic = new Set(folded.nodes.filter(({ kind }) => kind === 'topic').map(({ id }) => id))
  const place = (
    sizeOf: (node: TopologyNode) => Omit<ColumnBox, 'id'>,
    gapX: number,
    gapY: number,
  ): Columns<TopologyEdge> =>
    inColumns(
      folded.nodes.map((node) => ({ id: node.id, ...sizeOf(node) })),
      folded.edges,
      { x: gapX, y: gapY, highest: highestStage },
      // Topics are between the stages.
      (id) => (isTopic.has(id) ? 1 : 0),
    )
  const roomFor = (columns: Columns<TopologyEdge>): number => columns.width + 2 * margin
  const asCards = (gap: number): Columns<TopologyEdge> => place((node) => cardSize(node, room), gap, rowGap)
  const tight = asCards(tightGap)
  const tiles = roomFor(tight) * cardsFromZoom > room.width
  if (!tiles) return spread(roomFor(asCards(wideGap)) <= room.width ? asCards(wideGap) : tight, folded, room, undefined)
  const wanted = room.width / (tight.columns.length * tileWidth) || tileZoom
  const zoom = Math.min(tileZoom, Math.max(leastTileZoom, wanted))
  return spread(
    place(() => tileSize(zoom), 0, 0),
    folded,
    room,
    zoom,
  )
}

/** What a node takes as a card; without a room, without the rows of its replicas. */
export function cardSize(node: TopologyNode, room?: Pick<ChainRoom, 'rows'>): Omit<ColumnBox, 'id'> {
  if (node.kind === 'topic' || node.kind === 'queue')
    return { width: tile.size, height: tile.height, port: tile.size / 2 }
  if (node.kind === 'producer') return { ...source, port: source.height / 2 }
  return { width: card.width, height: card.height + replicaRow * (room?.rows.get(node.id) ?? 0), port: card.height / 2 }
}

const tileWidth = tileRoom.width / tileZoom
/** What a tile takes in a drawing that is shown at `zoom`. Its width is the same at all: many columns are closer on the screen. */
const tileSize = (zoom: number): Omit<ColumnBox, 'id'> => ({
  width: tileWidth,
  height: tileRoom.height / zoom,
  port: tile.size / 2 / zoom,
})

/** A drawing of tiles is laid out for no smaller zoom than this. */
const leastTileZoom = 0.3

/** Moves the columns apart to fill the room, and puts the margins and heads around them. */
function spread(
  { boxes, columns, width, height, back }: Columns<TopologyEdge>,
  folded: FoldedTopology,
  room: ChainRoom,
  tileScale: number | undefined,
): ChainLayout {
  const tiles = tileScale !== undefined
  const scale = tileScale ?? 1
  const gapCount = Math.max(1, columns.length - 1)
  const free = room.width / scale - 2 * margin - width
  const gap = tiles ? tileWidth : wideGap
  const wider = Math.min(Math.max(0, free), gapCount * gap * (mostStretched - 1)) / gapCount
  const outer = width + wider * gapCount
  const left = Math.max(margin, (room.width / scale - outer) / 2)
  const bottomRoom = footRoom / scale + (height > 0 ? laneDown : 0)
  const freeHeight = room.height / scale - headRoom / scale - bottomRoom
  const taller = height === 0 ? 1 : Math.min(mostStretched, Math.max(1, freeHeight / height))
  const top = headRoom / scale + Math.max(0, (freeHeight - height * taller) / 2)
  const moved = new Map<string, Box>()
  for (const [id, box] of boxes) {
    const line = (box.y + box.port) * taller
    moved.set(id, { ...box, x: Math.round(left + box.x + wider * box.column), y: Math.round(top + line - box.port) })
  }
  const stages = columns.map((column, at) => ({ x: left + column.x + wider * at, width: column.width }))
  const bottom = Math.max(0, ...[...moved.values()].map((box) => box.y + box.height))
  return {
    boxes: moved,
    heads: headsOf(folded, moved, stages),
    back: new Set([...back].map(({ id }) => id)),
    width: Math.max(room.width / scale, left * 2 + outer),
    height: Math.max(room.height / scale, bottom + bottomRoom),
    tiles,
    topicRoom: tiles ? 2 * tileWidth - card.width - 6 : tile.size + 2 * (gapOf(columns) + wider) - 6,
    pitch: tiles ? tileWidth : (card.width + tile.size) / 2 + tightGap,
    row: tiles ? tileRoom.height / scale : tile.height + rowGap,
  }
}

/** Between the first two columns. */
const gapOf = ([first, second]: readonly { x: number; width: number }[]): number =>
  first && second ? second.x - first.x - first.width : 0

/** Services are in every second column: that is a stage. */
function headsOf(
  { nodes }: FoldedTopology,
  boxes: Map<string, Box>,
  columns: readonly { x: number; width: number }[],
): StageHead[] {
  const stages = new Set<number>()
  for (const { id, kind } of nodes) {
    const box = boxes.get(id)
    if (box && (kind === 'producer' || kind === 'consumer')) stages.add(box.column)
  }
  const inOrder = [...stages].sort((a, b) => a - b)
  return inOrder.map((at, index) => {
    const end = index === 0 ? 'starts' : index === inOrder.length - 1 ? 'ends' : undefined
    return {
      label: end === undefined ? `Stage ${index + 1}` : `Stage ${index + 1}, ${end}`,
      shortLabel: end === undefined ? `Stage ${index + 1}` : end === 'starts' ? 'Starts' : 'Ends',
      x: columns[at]?.x ?? 0,
      width: columns[at]?.width ?? 0,
    }
  })
}
