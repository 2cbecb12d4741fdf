import { deadLetterQueueOf, edgeId, nodeId, type TopologyEdge, type TopologyNode } from '#contracts/api/topology.ts'
import { consumersIn, producersOf, publisherOf } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import type { DeclaredLab } from '../lab/declared-lab.ts'
import { wiringOf } from '../lab/declared-lab.ts'
import { bodyLine } from './body-line.ts'
import { retryTopics, type StandingRetryTopic } from './retry-topics.ts'

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
  declaration: LabDeclaration,
  lab: DeclaredLab,
  observed: ObservedWiring,
  retries: readonly StandingRetryTopic[] = [],
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
  const topicOf = new Map(lab.eventTypes.map(({ name, topic }) => [name, topic]))
  for (const service of producersOf(declaration)) addNode({ kind: 'producer', name: service.name, ...bodyOf(service) })
  for (const { topic } of wiring.topics) addNode({ kind: 'topic', name: topic })
  for (const { group, topics } of wiring.groups) {
    const queue = addNode({ kind: 'queue', name: group })
    for (const topic of topics) declare(nodeId('topic', topic), queue)
  }
  for (const consumer of consumersIn(declaration)) {
    const { name, idempotent, effect } = consumer
    const id = addNode({ kind: 'consumer', name, idempotent, ...bodyOf(consumer) })
    declare(nodeId('queue', name), id)
    if (effect) declare(id, addNode({ kind: 'effect', name: effect.name, effect: effect.kind }))
    declare(id, addNode({ kind: 'dead_letter_queue', name: deadLetterQueueOf(name) }))
  }
  for (const { group, retry, isUsed } of retryTopics(lab, retries)) {
    const consumer = nodeId('consumer', group)
    if (!nodes.has(consumer)) continue
    const id = addNode({ kind: 'retry_topic', name: `${group}.retry.${retry.level}`, retry })
    for (const [from, to] of [
      [consumer, id],
      [id, consumer],
    ] as const)
      if (isUsed) declare(from, to)
      else observe(from, to)
  }
  const sent = new Set<string>()
  for (const { name, receives, sends } of declaration.services) {
    const from = nodeId(receives.length === 0 ? 'producer' : 'consumer', name)
    for (const type of sends) {
      sent.add(type)
      const topic = topicOf.get(type)
      if (topic !== undefined) declare(from, nodeId('topic', topic))
    }
  }
  // A type that was made while the lab runs is published by a source that says nothing of it.
  for (const [type, topic] of topicOf)
    if (!sent.has(type)) declare(nodeId('producer', publisherOf(declaration, type)), nodeId('topic', topic))

  for (const { topic, group } of observed.bindings) {
    observe(addNode({ kind: 'topic', name: topic }), addNode({ kind: 'queue', name: group }))
  }
  for (const seen of observed.edges) {
    const { to } = seen
    // Who sends and receives is drawn as a consumer, whatever it was seen doing.
    const from = nodes.has(seen.from) ? seen.from : seen.from.replace(/^producer:/, 'consumer:')
    const known = edges.has(edgeId(from, to))
    const wiredByBroker = from.startsWith('topic:') && to.startsWith('queue:')
    if (known || (!wiredByBroker && nodes.has(from) && nodes.has(to))) observe(from, to)
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

/** What a screen shows of the body of a service. */
function bodyOf({ body, sends }: ServiceDeclaration): Pick<StructureNode, 'body' | 'runs' | 'sends'> {
  return { body: body.kind, runs: bodyLine(body), ...(sends.length === 0 ? {} : { sends }) }
}
