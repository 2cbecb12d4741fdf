import { expect, test } from 'vitest'
import type { Topology } from '#contracts/api/topology.ts'
import { edgeId } from '#contracts/api/topology.ts'
import { checkoutFlow } from '../flow/flow.fixture.ts'
import { added } from './chain/card-traces.ts'
import { flowTrace } from './flow-trace.ts'

const pairs = [
  ['producer:shop', 'topic:order_placed'],
  ['topic:order_placed', 'queue:payment'],
  ['topic:order_placed', 'queue:consumer-db'],
  ['queue:payment', 'consumer:payment'],
  ['consumer:payment', 'topic:payment_captured'],
  ['consumer:payment', 'topic:payment_declined'],
  ['topic:payment_captured', 'queue:warehouse'],
  ['queue:warehouse', 'consumer:warehouse'],
  ['consumer:warehouse', 'topic:shipment_sent'],
  ['topic:shipment_sent', 'queue:consumer-email'],
  ['topic:shipment_sent', 'queue:consumer-db'],
  ['queue:consumer-email', 'consumer:consumer-email'],
  ['queue:consumer-db', 'consumer:consumer-db'],
] as const
const kinds = ['producer', 'topic', 'queue', 'consumer'] as const
const topology = {
  nodes: [...new Set(pairs.flat())].flatMap((id) => {
    const kind = kinds.find((one) => id.startsWith(`${one}:`))
    const body = id === 'consumer:payment' ? { body: 'program' as const } : {}
    return kind ? [{ id, kind, name: id.slice(kind.length + 1), state: 'up' as const, ...body }] : []
  }),
  edges: pairs.map(([from, to]) => ({ id: edgeId(from, to), from, to, declared: true, observed: true })),
} as Topology

const trace = flowTrace(checkoutFlow, topology)

test('a flow lights the ways of all its events and nothing beside', () => {
  const dark = topology.edges.map(({ id }) => id).filter((id) => !trace.lit.edges.has(id))
  expect(dark).toEqual(['consumer:payment->topic:payment_declined'])
  expect(trace.lit.nodes.has('topic:payment_declined')).toBe(false)
})

test('each card says what its service did in this flow', () => {
  expect(trace.cards.get('producer:shop')).toMatchObject({ value: '6', unit: ' ms to ack', did: 'order_placed:4812' })
  expect(trace.cards.get('consumer:payment')).toMatchObject({
    ...{ value: '2', unit: ' attempts', did: 'program 804 + 444 ms', waited: 'waited 36 + 12 ms' },
    ...{ made: 'sent 1 event', retries: 1, retryWhy: 'ReadTimeout' },
  })
  expect(trace.cards.get('consumer:consumer-db')).toMatchObject({
    ...{
      value: '2',
      unit: ' attempts, 2 events',
      did: 'handler 22 + 19 ms',
      made: '2 rows',
      at: '+1.97 s',
      retries: 0,
    },
  })
  expect(trace.cards.get('consumer:consumer-email')).toMatchObject({ value: '1', made: '1 mail', at: '+2.17 s' })
})

test('topics say when, and the one that ends the flow says so', () => {
  const words = (name: string) => trace.words.get(`topic:${name}`)
  expect(words('order_placed')?.value).toBe('0 s')
  expect(words('payment_captured')).toMatchObject({ value: '+1.45 s', unit: '' })
  expect(words('shipment_sent')).toMatchObject({ value: '+1.9 s', unit: ', ends it' })
})

test('times are shown one by one as far as a card has room, else as their sum', () => {
  expect(added([36, 12])).toBe('36 + 12 ms')
  expect(added([36])).toBe('36 ms')
  expect(added([1, 2, 3, 4])).toBe('10 ms')
  expect(added([1_200, 36])).toBe('1.24 s')
})
