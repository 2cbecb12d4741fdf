import type { Edge, Node } from '@xyflow/react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import type { PlacedEdge } from '../edge-geometry.ts'
import { framed, routed } from './chain-elements.ts'
import type { FoldedTopology } from './fold-services.ts'
import type { GroupLayout } from './group-layout.ts'
import type { Bundle, ServiceGroup } from './groups.ts'
import { routesOf } from './routes.ts'

export type GroupNode = Node<{ group: ServiceGroup; names: string[] }, 'group'>
export type FrameNode = Node<{ group: ServiceGroup; names: string[] }, 'frame'>
export type MemberNode = Node<
  {
    node: TopologyNode
    /** Without the prefix of its group. */
    name: string
    queue: string | undefined
  },
  'member'
>
export type BundleEdge = Edge<{ placed: PlacedEdge; bundle: Bundle; ends: string[] }, 'bundle'>

/** Cards of groups and services, and frames around the services of open groups. */
export function groupNodes(
  folded: FoldedTopology,
  groups: readonly ServiceGroup[],
  layout: GroupLayout,
): (GroupNode | FrameNode | MemberNode)[] {
  const byId = new Map(folded.nodes.map((node) => [node.id, node]))
  const prefixes = new Map(groups.flatMap(({ prefix, members }) => members.map((member) => [member, prefix] as const)))
  const nodes: (GroupNode | FrameNode | MemberNode)[] = []
  for (const group of groups) {
    const names = group.members.map((id) => byId.get(id)?.name ?? id)
    const frame = layout.frames.get(group.id)
    if (frame) {
      nodes.push({
        ...framed(frame),
        ...{ id: group.id, type: 'frame', data: { group, names }, selectable: false, focusable: false, zIndex: -1 },
      })
    }
    const box = layout.boxes.get(group.id)
    if (box) nodes.push({ ...framed(box), id: group.id, type: 'group', data: { group, names }, ariaRole: 'button' })
  }
  for (const node of folded.nodes) {
    const box = layout.boxes.get(node.id)
    if (!box) continue
    const name = node.name.slice(prefixes.get(node.id)?.length ?? 0)
    const queue = folded.parts.get(node.id)?.queue
    nodes.push({ ...framed(box), id: node.id, type: 'member', data: { node, name, queue }, ariaRole: 'button' })
  }
  return nodes
}

/** One line for all topics between two cards. */
export function groupEdges(groups: readonly ServiceGroup[], layout: GroupLayout, zoom: number): BundleEdge[] {
  const members = new Map(groups.map(({ id, members: own }) => [id, own]))
  const routes = routesOf(
    layout.boxes,
    layout.bundles.map(({ id, from, to }) => ({ id, from, to, back: layout.back.has(id) })),
    { half: undefined, scale: 1 },
  )
  const scale = Math.min(1, Math.max(0.4, zoom))
  return layout.bundles.flatMap((bundle): BundleEdge[] => {
    const route = routes.get(bundle.id)
    if (!route) return []
    const { id, from, to, declared, observed } = bundle
    const placed = routed({ id, from, to, declared, observed }, route, scale, false)
    return [
      {
        ...{ id, type: 'bundle', source: from, target: to, selectable: false, focusable: false },
        data: {
          placed: { ...placed, carries: bundle.carries },
          bundle,
          ends: [from, to].flatMap((end) => members.get(end) ?? [end]),
        },
      },
    ]
  })
}
