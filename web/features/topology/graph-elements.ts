import { Position } from '@xyflow/react'
import type { Topology, TopologyNode } from '#contracts/api/topology.ts'
import { kindOf } from '#web/features/nodes/node-words.ts'
import type { CardNode } from './card/node-card.tsx'
import { type PlacedEdge, placeEdges } from './edge-geometry.ts'
import type { FlowEdgeData } from './flow-edge.tsx'
import type { GraphLayout } from './graph-layout.ts'

/** A card lower than this, in pixels, has room for its name and one line. */
const lowBelow = 60

/**
 * The layout as React Flow wants it. Sizes and ports are stated, not measured: the layout knows them, and edges are drawn
 * at once.
 */
export function nodesOf(topology: Topology, layout: GraphLayout, tiles: boolean): CardNode[] {
  return [...layout.nodes.values()].map(({ node, x, y, width, height, cardHeight }) => {
    const tall = tiles ? height : cardHeight
    const port = { x: 0, y: tall / 2, width: 1, height: 1 }
    return {
      id: node.id,
      type: 'card',
      position: { x, y },
      width,
      height: tall,
      measured: { width, height: tall },
      handles: [
        { ...port, type: 'target', position: Position.Left },
        { ...port, x: width, type: 'source', position: Position.Right },
      ],
      data: {
        node,
        low: cardHeight < lowBelow,
        links: {
          in: topology.edges.filter((edge) => edge.to === node.id).length,
          out: topology.edges.filter((edge) => edge.from === node.id).length,
        },
      },
      ariaRole: 'button',
    }
  })
}

/** A link by its ends; by what they are too where both have one name, as a queue and its consumer do. */
export const linkName = (source: TopologyNode, target: TopologyNode): string =>
  source.name === target.name
    ? `Link from ${source.name} (${kindOf(source)}) to ${target.name} (${kindOf(target)})`
    : `Link from ${source.name} to ${target.name}`

/** What is to be heard of the faults of all links that a line is drawn for. */
export const faultsSaid = ({ edge, carries }: PlacedEdge, faultNames: Readonly<Record<string, string>>): string[] => [
  ...new Set((carries ?? [edge.id]).flatMap((id) => faultNames[id] ?? [])),
]

/** `tileScale` as in `placeEdges`. `faultNames`: what is to be heard of an edge under fault, by id. */
export function edgesOf(
  topology: Topology,
  layout: GraphLayout,
  tileScale: number | undefined,
  faultNames: Record<string, string>,
): FlowEdgeData[] {
  const placed = placeEdges(topology, layout, tileScale)
  return placed.flatMap((one) => {
    const source = layout.nodes.get(one.edge.from)?.node
    const target = layout.nodes.get(one.edge.to)?.node
    if (!source || !target) return []
    return {
      id: one.edge.id,
      type: 'flow',
      source: source.id,
      target: target.id,
      data: {
        placed: one,
        source,
        target,
        sourceEdges: placed.filter((other) => other.edge.from === source.id).length,
        scale: tileScale ?? 1,
      },
      ariaLabel: [linkName(source, target), ...faultsSaid(one, faultNames)].join(', '),
      ariaRole: 'button',
      // They come after the nodes, though they are drawn before them: see tab-order.ts.
      domAttributes: { tabIndex: -1 },
    }
  })
}
