import { expect, it } from 'vitest'
import { type NodeKind, nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'
import { phoneFlowOf, totalTopicWords } from './phone-flow.ts'

const node = (kind: NodeKind, name: string): TopologyNode => ({ id: nodeId(kind, name), kind, name, state: 'up' })
const edge = (from: TopologyNode, to: TopologyNode) => ({
  id: `${from.id}->${to.id}`,
  from: from.id,
  to: to.id,
  declared: true,
  observed: true,
})

const producer = node('producer', 'producer')
const topics = [node('topic', 'a'), node('topic', 'b')]
const [email, db] = ['email', 'db'].map((name) => ({
  queue: node('queue', name),
  consumer: node('consumer', name),
  effect: node('effect', name),
  dead: node('dead_letter_queue', name),
}))

it('follows each group from its queue to its effect', () => {
  if (!email || !db) throw new Error('no groups')
  const groups = [email, db]
  const topology: Topology = {
    nodes: [
      email.effect,
      db.effect,
      ...topics,
      producer,
      email.dead,
      email.queue,
      db.queue,
      email.consumer,
      db.consumer,
    ],
    edges: groups.flatMap((group) => [
      edge(group.queue, group.consumer),
      edge(group.consumer, group.effect),
      edge(group.consumer, group.dead),
    ]),
  }
  expect(phoneFlowOf(topology).map(({ id }) => id)).toEqual([
    'producer:producer',
    'topic:a',
    'topic:b',
    'queue:email',
    'consumer:email',
    'effect:email',
    'queue:db',
    'consumer:db',
    'effect:db',
    'dead_letter_queue:email',
  ])
})

it('sums the topics and names the busiest', () => {
  const figures = { 'topic:a': { ratePerSecond: 2.25, total: 1 }, 'topic:b': { ratePerSecond: 40, total: 1 } }
  expect(totalTopicWords(topics, figures)).toEqual({ rate: '42.3', busiest: 'b 40.0/s' })
  expect(totalTopicWords(topics, {})).toEqual({ rate: '0.0', busiest: 'quiet' })
})
