import type { NodeKind, Topology, TopologyNode } from '#contracts/api/topology.ts'
import { foldsOf } from '#web/features/nodes/retry-nodes.ts'
import { type Lane, lanesOf, reachOf, spread, stackOf } from './retry/lanes.ts'

/**
 * Where nodes are: five columns from left to right, and a row for each consumer in which its queue, the consumer and
 * its effects lie on one line. A function of the topology and the room there is; no figures go in, so that traffic never
 * moves a card. All lengths are pixels at 100 %.
 */
export interface PlacedNode {
  node: TopologyNode
  column: number
  x: number
  y: number
  width: number
  /** Room the node takes; its card may be lower. */
  height: number
  cardHeight: number
}

export interface GraphLayout {
  nodes: Map<string, PlacedNode>
  columns: { label: string; shortLabel: string; x: number; width: number }[]
  width: number
  height: number
  /** The narrow form: tiles of a fixed size on the screen. */
  tiles: boolean
  /** Whether there is height for the figure below the name of a tile. */
  tileFigures: boolean
}

export interface LayoutRoom {
  width: number
  height: number
  /** Nothing was ever published: cards have no figures yet and are lower. */
  quiet: boolean
  replicas: Record<string, number>
  /** Folded retry topics are as low as a single one. */
  lowRetries?: boolean
  /** Tiles, also if cards have the width: they have not the height. */
  asTiles?: boolean
}

const columnOf: Record<NodeKind, number> = {
  producer: 0,
  topic: 1,
  queue: 2,
  retry_topic: 2,
  consumer: 3,
  effect: 4,
  dead_letter_queue: 4,
}
const heads = [
  { label: 'Producers', shortLabel: 'Producers' },
  { label: 'Topics', shortLabel: 'Topics' },
  { label: 'Queues and groups', shortLabel: 'Queues' },
  { label: 'Consumers', shortLabel: 'Consumers' },
  { label: 'Effects and dead letters', shortLabel: 'Effects' },
]
const headsOf = (lanes: readonly Lane[]): typeof heads =>
  lanes.some(({ retries }) => retries.length > 0)
    ? heads.with(2, { label: 'Queues and retry topics', shortLabel: 'Queues' })
    : heads

/** Widths of the columns and the gaps after them: as drawn at 1080 px, and the tightest that can still be read. */
const wide = { widths: [128, 136, 148, 160, 152], gaps: [54, 74, 112, 68], margin: 24 }
const tight = { widths: [112, 124, 132, 150, 146], gaps: [28, 28, 40, 26], margin: 12 }
/** Below this width cards give way to tiles. */
export const tilesBelow = sum(tight.widths) + sum(tight.gaps) + 2 * tight.margin
/** The zoom at which tiles are laid out in a room that is wide enough for cards; below 75 % a node is a tile. */
const tileZoom = 0.7
const naturalWidth = sum(wide.widths) + sum(wide.gaps) + 2 * wide.margin
/** Room for the column heads above and the legend below. */
export const headRoom = 40
export const footRoom = 56
const rowGap = 24
/** Height of most cards, and of a retry topic. */
const cardRow = 76
const retryRow = 48
/** Between the queue of a group and its retry topics, and between two of those. */
const retryGaps = { first: 24, next: 6 }

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

export function cardHeight(node: TopologyNode, room: Pick<LayoutRoom, 'quiet' | 'replicas' | 'lowRetries'>): number {
  if (node.kind === 'consumer') return (room.quiet ? 64 : 80) + 18 * Math.max(1, room.replicas[node.name] ?? 1)
  if (node.kind === 'dead_letter_queue') return 60
  if (node.kind === 'retry_topic' && (room.lowRetries || foldsOf(node).length === 1)) return retryRow
  return room.quiet ? 60 : cardRow
}

/** Column widths and gaps for a canvas of this width. */
function columnsFor(width: number): { widths: number[]; gaps: number[]; margin: number; total: number } {
  const total = Math.max(width, tilesBelow)
  const share = Math.min(1, (total - tilesBelow) / (naturalWidth - tilesBelow))
  const between = (from: number, to: number): number => Math.round(from + (to - from) * share)
  // Beyond the drawn width only the gaps grow, to at most 1.8 of what is drawn: edges longer than that are hard to follow.
  const stretch = Math.min(1.8, Math.max(1, 1 + (total - naturalWidth) / sum(wide.gaps)))
  const widths = wide.widths.map((to, at) => between(tight.widths[at] ?? to, to))
  const gaps = wide.gaps.map((to, at) => Math.round(between(tight.gaps[at] ?? to, to) * stretch))
  const used = sum(widths) + sum(gaps)
  return { widths, gaps, margin: Math.max(between(tight.margin, wide.margin), Math.floor((total - used) / 2)), total }
}

/** A tile with its label on the screen, and the gap below it, from roomy to as low as it can be read: then without figure. */
const tileSizes = [
  { height: 74, gap: 12, figure: true },
  { height: 68, gap: 2, figure: true },
  { height: 54, gap: 0, figure: false },
] as const

/** Whether tiles at the distances of cards have height for their figure: at this zoom a row has what the lower of the two needs. */
export const hasTileFigure = ({ tiles, tileFigures }: GraphLayout, zoom: number): boolean =>
  tiles ? tileFigures : (cardRow + rowGap) * zoom >= tileSizes[1].height

/** The largest tiles of which the fullest column fits the height; the lowest if none do. */
function tileSizeFor({ nodes }: Topology, height: number): (typeof tileSizes)[number] {
  const inColumn = new Map<number, number>()
  for (const { kind } of nodes) inColumn.set(columnOf[kind], (inColumn.get(columnOf[kind]) ?? 0) + 1)
  const most = Math.max(1, ...inColumn.values())
  const free = height - headRoom - footRoom
  return tileSizes.find((size) => most * (size.height + size.gap) - size.gap <= free) ?? tileSizes[2]
}

/** Cards grow to this at most, and only in a window that is wider than the one they are drawn for. */
const mostEnlarged = 1.4
const drawnFor = 1_440

/**
 * The layout and the zoom at which it fills the room: 1, or more where a large window would be left empty. Room that
 * cards do not take is shared among the gaps, as ever.
 */
export function layoutToFill(topology: Topology, room: LayoutRoom): { layout: GraphLayout; enlarged: number } {
  const layout = layoutGraph(topology, room)
  if (layout.tiles || layout.nodes.size === 0) return { layout, enlarged: 1 }
  const least = layoutGraph(topology, { ...room, width: naturalWidth, height: 0 })
  const enlarged = Math.min(mostEnlarged, room.width / drawnFor, room.height / least.height)
  if (enlarged <= 1) return { layout, enlarged: 1 }
  const smaller = { ...room, width: room.width / enlarged, height: room.height / enlarged }
  return { layout: layoutGraph(topology, smaller), enlarged }
}

/** Lays the topology out for the room. Nodes that no rule places (an effect of no consumer) come last in their column. */
export function layoutGraph(topology: Topology, room: LayoutRoom): GraphLayout {
  const tiles = room.width < tilesBelow || room.asTiles === true
  const { widths, gaps, margin, total } = columnsFor(
    room.asTiles ? Math.max(naturalWidth, room.width / tileZoom) : tiles ? naturalWidth : room.width,
  )
  const scale = tiles ? room.width / total : 1
  const free = room.height / scale - (headRoom + footRoom) / scale
  const size = tileSizeFor(topology, room.height)
  const heightOf = (node: TopologyNode): number => (tiles ? size.height / scale : cardHeight(node, room))
  const gap = tiles ? size.gap / scale : rowGap

  const columnX = widths.map((width, at) =>
    // Tiles are all of one size, so their columns are at even distances.
    tiles
      ? (total * (at + 0.5)) / widths.length - width / 2
      : margin + sum(widths.slice(0, at)) + sum(gaps.slice(0, at)),
  )
  const lanes = lanesOf(topology)
  const below = { gap, gaps: tiles ? { first: gap, next: gap } : retryGaps, spreads: tiles }
  const reaches = lanes.map((lane) => reachOf(lane, heightOf, below))
  const stacks = reaches.map(({ up, down }) => up + down)
  const topics = orderTopics(topology, lanes)
  const producers = topology.nodes.filter((node) => node.kind === 'producer')
  const needed = Math.max(
    sum(stacks) + gap * Math.max(0, lanes.length - 1),
    stackOf(topics.map(heightOf), gap),
    stackOf(producers.map(heightOf), gap),
  )
  const height = Math.max(free, needed)
  const placed = new Map<string, PlacedNode>()
  const put = (node: TopologyNode, center: number): void => {
    const column = columnOf[node.kind]
    const nodeHeight = heightOf(node)
    placed.set(node.id, {
      node,
      column,
      x: columnX[column] ?? 0,
      y: Math.round(headRoom / scale + center - nodeHeight / 2),
      width: widths[column] ?? 0,
      height: nodeHeight,
      cardHeight: cardHeight(node, room),
    })
  }

  const spare = (height - sum(stacks)) / Math.max(1, lanes.length)
  let top = 0
  const centers: number[] = []
  lanes.forEach((lane, at) => {
    const reach = reaches[at] ?? { up: 0, down: 0, queue: 0, retries: [] }
    const center = top + spare / 2 + reach.up
    centers.push(center)
    if (lane.queue) put(lane.queue, center + reach.queue)
    lane.retries.forEach((retry, index) => {
      put(retry, center + (reach.retries[index] ?? 0))
    })
    put(lane.consumer, center)
    const heights = lane.ends.map(heightOf)
    const around = spare + 2 * Math.min(reach.up, reach.down)
    const endGap = Math.min(tiles ? gap * 3 : 44, (around - sum(heights)) / Math.max(1, heights.length))
    spread(heights, center, endGap).forEach((endCenter, index) => {
      const end = lane.ends[index]
      if (end) put(end, endCenter)
    })
    top += reach.up + reach.down + spare
  })

  const middle = height / 2
  const topicHeight = Math.max(0, ...topics.map(heightOf))
  const reach = centers.length > 1 ? (centers.at(-1) ?? middle) - (centers[0] ?? middle) : height / 2
  const pitch = Math.max(topicHeight + gap, reach / Math.max(1, topics.length - 1))
  topics.forEach((topic, at) => {
    put(
      topic,
      middle +
        (at - (topics.length - 1) / 2) * Math.min(pitch, (height - topicHeight) / Math.max(1, topics.length - 1)),
    )
  })
  const producerPitch = Math.max(...producers.map(heightOf), 0) + gap * 2
  producers.forEach((producer, at) => {
    put(producer, middle + (at - (producers.length - 1) / 2) * producerPitch)
  })
  for (const node of topology.nodes) {
    if (placed.has(node.id)) continue
    const below = [...placed.values()].filter((other) => other.column === columnOf[node.kind])
    const bottom = Math.max(0, ...below.map((other) => other.y + other.height - headRoom / scale + gap))
    put(node, bottom + heightOf(node) / 2)
  }
  const bottom = Math.max(0, ...[...placed.values()].map((one) => one.y + one.height)) + footRoom / scale
  return {
    nodes: placed,
    columns: headsOf(lanes).map((head, at) => ({ ...head, x: columnX[at] ?? 0, width: widths[at] ?? 0 })),
    width: total,
    height: Math.max(bottom, height + (headRoom + footRoom) / scale),
    tiles,
    tileFigures: !tiles || size.figure,
  }
}

/** Topics nearer to the lanes that take them, so that fewer edges cross. */
function orderTopics(topology: Topology, lanes: Lane[]): TopologyNode[] {
  const laneOf = new Map(lanes.map((lane, at) => [lane.queue?.id ?? lane.consumer.id, at]))
  const mean = (topic: TopologyNode): number => {
    const at = topology.edges
      .filter((edge) => edge.from === topic.id)
      .map((edge) => laneOf.get(edge.to))
      .filter((lane) => lane !== undefined)
    return at.length === 0 ? lanes.length : sum(at) / at.length
  }
  return topology.nodes
    .filter((node) => node.kind === 'topic')
    .map((topic) => ({ topic, mean: mean(topic) }))
    .sort((a, b) => a.mean - b.mean)
    .map(({ topic }) => topic)
}
