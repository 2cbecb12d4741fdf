import { expect, test } from 'vitest'
import type { Journey } from '#contracts/api/journey.ts'
import type { Topology } from '#contracts/api/topology.ts'
import { edgeId, retryTopicNodeOf } from '#contracts/api/topology.ts'
import { allRetriesOf } from './retry/trace-retries.ts'
import { traceOf } from './trace-model.ts'

const ids = [
  'producer:producer',
  'topic:order_placed',
  'queue:consumer-email',
  'consumer:consumer-email',
  'dead_letter_queue:consumer-email-dead-letters',
  'queue:consumer-db',
] as const
const pairs = [
  [ids[0], ids[1]],
  [ids[1], ids[2]],
  [ids[2], ids[3]],
  [ids[3], 'effect:mailbox'],
  [ids[3], ids[4]],
  [ids[1], ids[5]],
] as const
const topology: Topology = {
  nodes: [
    { id: ids[0], kind: 'producer', name: 'producer', state: 'up' },
    { id: ids[1], kind: 'topic', name: 'order_placed', state: 'up' },
    { id: ids[2], kind: 'queue', name: 'consumer-email', state: 'up' },
    { id: ids[3], kind: 'consumer', name: 'consumer-email', state: 'up' },
    { id: 'effect:mailbox', kind: 'effect', name: 'mailbox', effect: 'email', state: 'up' },
    { id: ids[4], kind: 'dead_letter_queue', name: 'consumer-email-dead-letters', state: 'up' },
    { id: ids[5], kind: 'queue', name: 'consumer-db', state: 'up' },
  ],
  edges: pairs.map(([from, to]) => ({ id: edgeId(from, to), from, to, declared: true, observed: true })),
}

const attempt = (number: number, instance: string) => ({
  attempt: number,
  receiveCount: number,
  instance,
  startedAt: '2026-01-01T00:00:00.100Z',
  queueMs: 50,
  handlingMs: 200,
  outcome: 'error' as const,
})
const journey = (state: 'delivered' | 'dead_lettered' | 'waiting'): Journey => ({
  id: 'producer-1:3:order_placed:62877',
  type: 'order_placed',
  topic: 'order_placed',
  broker: 'local',
  payload: {},
  raw: '{}',
  headers: {},
  publish: { state: 'acked', attemptedAt: '2026-01-01T00:00:00.000Z', ackedAt: '2026-01-01T00:00:00.006Z' },
  obligations: [
    {
      group: 'consumer-email',
      state,
      receiveCount: 2,
      attempts: state === 'waiting' ? [] : [attempt(1, 'consumer-email-2'), attempt(2, 'consumer-email-1')],
      ...(state === 'delivered' ? { effect: { kind: 'email' as const, ref: '<1@lab>' } } : {}),
      ...(state === 'dead_lettered' ? { reason: 'max_attempts' as const } : {}),
    },
  ],
  logs: [],
})

test('a message that was delivered lights its path to the effect and says what happened at each place', () => {
  const trace = traceOf(journey('delivered'), topology)
  expect([...trace.lit.nodes].sort()).toEqual(
    [
      'consumer:consumer-email',
      'effect:mailbox',
      'producer:producer',
      'queue:consumer-email',
      'topic:order_placed',
    ].sort(),
  )
  expect(trace.words.get(ids[0])).toMatchObject({ value: '6', unit: ' ms to ack', fact: 'epoch 3' })
  expect(trace.words.get(ids[3])).toMatchObject({ value: '2', unit: ' attempts', fact: '400 ms in the handler' })
  expect(trace.replicas.get('consumer-email-1')).toBe('attempt 2')
  expect(trace.edges.get(edgeId(ids[2], ids[3]))).toEqual({ tone: 'retry', label: 'attempts 1, 2' })
})

test('a dead letter lights its queue and not the effect', () => {
  const trace = traceOf(journey('dead_lettered'), topology)
  expect(trace.lit.nodes.has(ids[4])).toBe(true)
  expect(trace.lit.nodes.has('effect:mailbox')).toBe(false)
})

test('a message that waits is lit as far as its queue', () => {
  const trace = traceOf(journey('waiting'), topology)
  expect(trace.lit.nodes.has(ids[2])).toBe(true)
  expect(trace.lit.nodes.has(ids[3])).toBe(false)
  expect(trace.words.get(ids[2])?.value).toBe('waiting')
})

test('retries that waited in retry topics light those, with how long they waited there', () => {
  const group = 'consumer-email'
  const retries = [1, 2, 3].map((level) => ({
    ...{ id: retryTopicNodeOf(group, level), kind: 'retry_topic' as const, name: `${group}.retry.${level}` },
    ...{ state: 'up' as const, retry: { group, level } },
  }))
  const consumer = `consumer:${group}`
  const loops = retries.flatMap(({ id }) => [
    { id: edgeId(consumer, id), from: consumer, to: id, declared: true, observed: true },
    { id: edgeId(id, consumer), from: id, to: consumer, declared: true, observed: true },
  ])
  const on = { nodes: [...topology.nodes, ...retries], edges: [...topology.edges, ...loops] }
  const at = (number: number, startedAt: string) => ({ ...attempt(number, 'consumer-email-1'), startedAt })
  const shown = journey('delivered')
  const attempts = [
    at(1, '2026-01-01T00:00:00.100Z'),
    at(2, '2026-01-01T00:00:00.600Z'),
    at(3, '2026-01-01T00:00:01.200Z'),
  ]
  const trace = traceOf({ ...shown, obligations: shown.obligations.map((one) => ({ ...one, attempts })) }, on)
  expect(retries.map(({ id }) => trace.lit.nodes.has(id))).toEqual([true, true, false])
  expect(trace.words.get(retryTopicNodeOf(group, 2))).toMatchObject({ value: '400', unit: ' ms waited', fact: 'once' })
  expect(trace.words.get(allRetriesOf(group))).toMatchObject({ value: '700', unit: ' ms waited', fact: '2 times' })
  expect(trace.edges.get(edgeId(consumer, retryTopicNodeOf(group, 1)))).toEqual({ tone: 'retry' })
  // What it passed once is not where it went again.
  expect(trace.edges.get(edgeId(ids[2], ids[3]))?.tone).toBe('path')
})

test('a redrive lights the dead letters that held the message and the way back, and waits are without its stay', () => {
  const shown = journey('delivered')
  const again = { ...attempt(1, 'consumer-email-1'), startedAt: '2026-01-01T00:00:10.500Z', queueMs: 10_200 }
  const effect = { kind: 'email' as const, ref: '<1@lab>' }
  const obligations = shown.obligations.map((one) => ({
    ...one,
    ...{ receiveCount: 1, settledAt: '2026-01-01T00:00:11.400Z' },
    attempts: [attempt(1, 'consumer-email-2'), { ...again, outcome: 'ok' as const, effect }],
  }))
  const redrive = {
    ...{ messageId: shown.id, group: 'consumer-email', redriveId: 'redrive-1', at: '2026-01-01T00:00:10.300Z' },
    body: '{}',
  }
  const trace = traceOf({ ...shown, obligations }, topology, [redrive])
  expect(trace.words.get(ids[4])).toMatchObject({ value: '10 s', unit: ' in it', fact: 'left by redrive' })
  expect(trace.edges.get(edgeId(ids[3], ids[4]))).toEqual({ tone: 'retry' })
  expect(trace.redrives).toEqual([{ from: ids[4], to: ids[2] }])
  expect(trace.edges.get(edgeId(ids[4], ids[2]))).toEqual({ tone: 'redrive', label: 'redriven by you, edited' })
  expect(trace.words.get(ids[2])).toMatchObject({ value: '250', unit: ' ms waited', fact: 'delivered 2 times' })
  expect(trace.edges.get(edgeId(ids[2], ids[3]))?.label).toBe('attempts 1, 2')
  // The end of the attempt, as everywhere, and not when it was settled.
  expect(trace.words.get('effect:mailbox')?.fact).toMatch(/:10\.700$/)
})
