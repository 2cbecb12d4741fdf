import { deadLetterQueueOf, edgeId, nodeId, type TopologyEdge, type TopologyNode } from '#contracts/api/topology.ts'
import type { TopologyDeclaration } from '#contracts/lab.ts'
import type { DeclaredLab } from '../lab/declared-lab.ts'
import { wiringOf } from '../lab/declared-lab.ts'

export type StructureNode = Omit<TopologyNode, 'state'>

/** The graph without what changes by the second. */
export interface TopologyStructure {
  nodes: StructureNode[]
  edges: TopologyEdge[]
}

export interface ObservedWiring {
  /** Edges on which a message was seen, as node ids. */
  edges: readonly { from: string; to: string }[]
  /** Wiring that the broker itself reports. */
  bindings: readonly { topic: string; group: string }[]
}

/**
 * The graph of what is declared, laid over what was observed. An edge that was seen and is not declared is in it with
 * `declared: false`: between a topic and a queue only while the broker itself reports it, because messages of former
 * wiring stay in the record after a subscription was given up; elsewhere where both of its ends are declared.
 */
export function topologyStructure(
  declaration: TopologyDeclaration,
  lab: DeclaredLab,
  observed: ObservedWiring,
): TopologyStructure {
  const nodes = new Map<string, StructureNode>()
  const edges = new Map<string, TopologyEdge>()
  const addNode = (node: Omit<StructureNode, 'id'>): string => {
    const id = nodeId(node.kind, node.name)
    if (!nodes.has(id)) nodes.set(id, { id, ...node })
    return id
  }
  const declare = (from: string, to: string): void => {
    edges.set(edgeId(from, to), { id: edgeId(from, to), from, to, declared: true, observed: false })
  }
  const observe = (from: string, to: string): void => {
    const id = edgeId(from, to)
    edges.set(id, { id, from, to, declared: edges.get(id)?.declared ?? false, observed: true })
  }

  const wiring = wiringOf(lab)
  const producers = declaration.producers.map(({ name }) => addNode({ kind: 'producer', name }))
  for (const { topic } of wiring.topics) {
    const to = addNode({ kind: 'topic', name: topic })
    for (const from of producers) declare(from, to)
  }
  for (const { group, topics } of wiring.groups) {
    const queue = addNode({ kind: 'queue', name: group })
    for (const topic of topics) declare(nodeId('topic', topic), queue)
  }
  for (const consumer of declaration.consumers) {
    const { name, idempotent, effect } = consumer
    const id = addNode({ kind: 'consumer', name, idempotent })
    declare(nodeId('queue', name), id)
    if (effect) declare(id, addNode({ kind: 'effect', name: effect.name, effect: effect.kind }))
    declare(id, addNode({ kind: 'dead_letter_queue', name: deadLetterQueueOf(name) }))
  }

  for (const { topic, group } of observed.bindings) {
    observe(addNode({ kind: 'topic', name: topic }), addNode({ kind: 'queue', name: group }))
  }
  for (const { from, to } of observed.edges) {
    const known = edges.has(edgeId(from, to))
    const wiredByBroker = from.startsWith('topic:') && to.startsWith('queue:')
    if (known || (!wiredByBroker && nodes.has(from) && nodes.has(to))) observe(from, to)
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}
