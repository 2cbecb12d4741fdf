import { expect, test } from 'vitest'
import { edgeId, type Topology } from '#contracts/api/topology.ts'
import { draftTopology } from './draft-topology.ts'

const pairs = [
  ['producer:shop', 'topic:order_placed'],
  ['topic:order_placed', 'queue:db'],
  ['queue:db', 'consumer:db'],
] as const
const live: Topology = {
  nodes: [
    { id: 'producer:shop', kind: 'producer', name: 'shop', state: 'up' },
    { id: 'topic:order_placed', kind: 'topic', name: 'order_placed', state: 'up' },
    { id: 'queue:db', kind: 'queue', name: 'db', state: 'up' },
    { id: 'consumer:db', kind: 'consumer', name: 'db', state: 'up' },
  ],
  edges: pairs.map(([from, to]) => ({ id: edgeId(from, to), from, to, declared: true, observed: true })),
}
const shop = { name: 'shop', receives: [], sends: ['order_placed'], runs: '' }
const db = { name: 'db', receives: ['order_placed'], sends: [], runs: '' }

test('the lab as it is has nothing to mark', () => {
  expect(draftTopology(live, [shop, db])).toEqual({ topology: live, added: new Set(), gone: new Set() })
})

test('a service that is added comes with its queue, its topics and its edges', () => {
  const payment = {
    name: 'payment',
    receives: ['order_placed'],
    sends: ['payment_captured'],
    runs: 'python3 payment.py',
  }
  const { topology, added, gone } = draftTopology(live, [shop, db, payment])
  expect([...added].sort()).toEqual([
    'consumer:payment',
    'consumer:payment->topic:payment_captured',
    'queue:payment',
    'queue:payment->consumer:payment',
    'topic:order_placed->queue:payment',
    'topic:payment_captured',
  ])
  expect(gone.size).toBe(0)
  expect(topology.nodes.find(({ id }) => id === 'consumer:payment')?.runs).toBe('python3 payment.py')
})

test('what goes is still drawn, and marked', () => {
  const { topology, gone } = draftTopology(live, [shop])
  expect([...gone].sort()).toEqual(['consumer:db', 'topic:order_placed->queue:db'])
  expect(topology.nodes).toHaveLength(4)
  expect([...draftTopology(live, [{ ...shop, sends: [] }, db]).gone]).toEqual(['producer:shop->topic:order_placed'])
})
