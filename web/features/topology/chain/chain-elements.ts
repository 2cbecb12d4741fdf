import { type Node, Position } from '@xyflow/react'
import type { TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'
import { carriedBy } from '#web/features/nodes/retry-nodes.ts'
import { edgeAlong, type PlacedEdge } from '../edge-geometry.ts'
import type { FlowEdgeData } from '../flow-edge.tsx'
import { faultsSaid, linkName } from '../graph-elements.ts'
import { type ChainLayout, cardSize, tile } from './chain-layout.ts'
import type { Box } from './columns.ts'
import type { FoldedParts, FoldedTopology } from './fold-services.ts'
import { type Route, routesOf } from './routes.ts'
import type { ServiceCardNode } from './service-card.tsx'

const noParts: FoldedParts = { queue: undefined, deadLetters: undefined, effects: [], sends: 0 }

/** Size, place and ports of a node as React Flow wants them stated; `port`: below the upper edge. */
export function framed({
  x,
  y,
  width,
  height,
  port,
}: Omit<Box, 'id' | 'column'>): Pick<Node, 'position' | 'width' | 'height' | 'measured' | 'handles'> {
  const handle = { y: port, width: 1, height: 1 }
  return {
    ...{ position: { x, y }, width, height, measured: { width, height } },
    handles: [
      { ...handle, x: 0, type: 'target', position: Position.Left },
      { ...handle, x: width, type: 'source', position: Position.Right },
    ],
  }
}

/** A box as a tile of one size on the screen, on the same line. */
export const asTile = (box: Box, scale: number): Omit<Box, 'id' | 'column'> => ({
  x: box.x + box.width / 2 - tile.size / 2 / scale,
  y: box.y + box.port - tile.size / 2 / scale,
  width: tile.size / scale,
  height: tile.height / scale,
  port: tile.size / 2 / scale,
})

/** `tileScale`: the zoom at which nodes are tiles; undefined if services are cards. `rows` as in the room of the layout. */
export function chainNodes(
  folded: FoldedTopology,
  layout: ChainLayout,
  tileScale: number | undefined,
  rows: ReadonlyMap<string, number>,
): ServiceCardNode[] {
  return folded.nodes.flatMap((node): ServiceCardNode[] => {
    const box = layout.boxes.get(node.id)
    if (!box) return []
    const look = tileScale !== undefined ? asTile(box, tileScale) : asCard(node, box, layout)
    return [
      {
        ...framed(look),
        id: node.id,
        type: 'service',
        data: {
          node,
          parts: folded.parts.get(node.id) ?? noParts,
          // Where tiles were laid out for, a card that is looked at closely has no room for more.
          rows: !layout.tiles && (rows.get(node.id) ?? 0) > 0,
          pitch: layout.pitch,
          topicRoom: layout.topicRoom,
        },
        ariaRole: 'button',
      },
    ]
  })
}

/** Pixels that a label on a line that runs around cards may take. */
const aroundRoom = 220

/** An edge along its route. */
export function routed(edge: TopologyEdge, { curves, around }: Route, scale: number, tiles: boolean): PlacedEdge {
  const start = curves[0]?.[0]
  const end = curves.at(-1)?.[3]
  const room = around ? aroundRoom : (end?.x ?? 0) - (start?.x ?? 0) - 4
  return { ...edgeAlong(edge, curves, scale), labelRoom: tiles ? 0 : room }
}

/** `tileScale` as in `chainNodes`; `faultNames`: what is to be heard of an edge under fault, by id. */
export function chainEdges(
  folded: FoldedTopology,
  layout: ChainLayout,
  tileScale: number | undefined,
  faultNames: Record<string, string>,
): FlowEdgeData[] {
  const scale = tileScale ?? 1
  const routes = routesOf(
    tileScale === undefined ? chainBoxes(folded, layout) : layout.boxes,
    folded.edges.map(({ id, from, to }) => ({ id, from, to, back: layout.back.has(id) })),
    { half: tileScale === undefined ? undefined : tile.size / 2 / scale, scale },
  )
  const byId = new Map<string, TopologyNode>(folded.nodes.map((node) => [node.id, node]))
  const sent = new Map<string, number>()
  for (const { from } of folded.edges) sent.set(from, (sent.get(from) ?? 0) + 1)
  return folded.edges.flatMap((edge): FlowEdgeData[] => {
    const route = routes.get(edge.id)
    const source = byId.get(edge.from)
    const target = byId.get(edge.to)
    if (!route || !source || !target) return []
    const carries = carriedBy(edge)
    const placed = {
      ...routed(edge, route, scale, tileScale !== undefined),
      ...(carries === undefined ? {} : { carries: [...carries] }),
    }
    return [
      {
        id: edge.id,
        type: 'flow',
        source: source.id,
        target: target.id,
        data: {
          placed,
          source,
          target,
          sourceEdges: sent.get(source.id) ?? 0,
          scale,
        },
        ariaLabel: [linkName(source, target), ...faultsSaid(placed, faultNames)].join(', '),
        ariaRole: 'button',
        domAttributes: { tabIndex: -1 },
      },
    ]
  })
}

/** A box as it is drawn at 100 %: a topic as a tile, a service as a card, also if tiles were laid out for. */
function asCard(node: TopologyNode, box: Box, { tiles }: ChainLayout): Box {
  if (node.kind === 'topic' || node.kind === 'queue') return { ...box, ...asTile(box, 1) }
  if (!tiles) return box
  const size = cardSize(node)
  return { ...box, ...size, x: box.x + (box.width - size.width) / 2, y: box.y + box.port - size.port }
}

/** Boxes as cards meet their lines. */
const chainBoxes = (folded: FoldedTopology, layout: ChainLayout): Map<string, Box> =>
  new Map(
    folded.nodes.flatMap((node) => {
      const box = layout.boxes.get(node.id)
      return box ? [[node.id, asCard(node, box, layout)] as const] : []
    }),
  )
