import { edgeId, nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'

/** A fault of a test: active since 12:00:01, on consumer-db. */
export const faultWith = (more: Partial<Fault> = {}): Fault => ({
  id: 'f1',
  type: 'process.pause',
  target: { service: 'consumer-db' },
  percent: 100,
  params: {},
  seed: 1,
  state: 'active',
  createdAt: '2026-01-01T12:00:00.000Z',
  startAt: '2026-01-01T12:00:00.000Z',
  injectedAt: '2026-01-01T12:00:00.000Z',
  observedAt: '2026-01-01T12:00:01.000Z',
  hits: 0,
  messages: [],
  services: ['consumer-db'],
  ...more,
})

const node = (kind: TopologyNode['kind'], name: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  ...{ id: nodeId(kind, name), kind, name, state: 'up' },
  ...more,
})
const nodes = [
  node('producer', 'producer'),
  node('topic', 'order_placed'),
  node('queue', 'consumer-db'),
  node('queue', 'consumer-email'),
  node('consumer', 'consumer-db'),
  node('consumer', 'consumer-email'),
  node('effect', 'database', { effect: 'row' }),
  node('effect', 'mailbox', { effect: 'email' }),
  node('dead_letter_queue', 'consumer-db-dead-letters'),
]
const edge = (from: string, to: string) => ({ id: edgeId(from, to), from, to, declared: true, observed: true })

/** The usual lab with one topic. */
export const labTopology: Topology = {
  nodes,
  edges: [
    edge('producer:producer', 'topic:order_placed'),
    edge('topic:order_placed', 'queue:consumer-db'),
    edge('topic:order_placed', 'queue:consumer-email'),
    edge('queue:consumer-db', 'consumer:consumer-db'),
    edge('queue:consumer-email', 'consumer:consumer-email'),
    edge('consumer:consumer-db', 'effect:database'),
    edge('consumer:consumer-email', 'effect:mailbox'),
    edge('consumer:consumer-db', 'dead_letter_queue:consumer-db-dead-letters'),
  ],
}
export const nodeNamed = (id: string): TopologyNode => {
  const found = nodes.find((one) => one.id === id)
  if (!found) throw new Error(`no node ${id}`)
  return found
}
