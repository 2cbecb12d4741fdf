import { expect, test } from 'vitest'
import { cardWords, edgeLabel, edgeWidth, shortName, slotsFor } from './card-words.ts'
import { parseFind } from './find-nodes.ts'
import { flowOf, mostParticles, particlesAt, thinned } from './particles.ts'

const queue = { id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' } as const
const consumer = { id: 'consumer:consumer-db', kind: 'consumer', name: 'consumer-db', state: 'up' } as const
const producer = { id: 'producer:producer', kind: 'producer', name: 'producer', state: 'up' } as const
const topic = { id: 'topic:a', kind: 'topic', name: 'a', state: 'up' } as const

test('a queue counts all that it has not settled, and says how old the oldest is', () => {
  const words = cardWords(
    queue,
    { ratePerSecond: 1, total: 9, depth: 1_200, inFlight: 80, delayed: 10, oldestAgeMs: 20_600 },
    { in: 1, out: 1 },
  )
  expect(words).toMatchObject({ value: '1,290', unit: ' lag', fact: 'oldest 20.6 s', tone: 'in-flight' })
})

test('slots grow with the magnitude of the backlog', () => {
  expect([0, 1, 10, 100, 1_290, 1_000_000].map(slotsFor)).toEqual([0, 1, 3, 5, 7, 10])
})

test('an edge shows the lag above the threshold, else its rate, and nothing that repeats its source', () => {
  const figures = { ratePerSecond: 55, total: 1 }
  expect(edgeLabel(queue, consumer, figures, { ratePerSecond: 0, total: 0, depth: 1_290 }, 1)).toEqual({
    text: 'lag 1,290',
    lag: true,
  })
  expect(edgeLabel(queue, consumer, figures, { ratePerSecond: 0, total: 0, depth: 16 }, 1)?.text).toBe('55.0/s')
  expect(edgeLabel(producer, topic, figures, undefined, 1)).toBeUndefined()
  expect(edgeLabel(producer, topic, figures, undefined, 3)?.text).toBe('55.0/s')
  expect(edgeLabel(topic, queue, figures, undefined, 2)).toBeUndefined()
})

test('edges widen with the rate and never beyond 2 px', () => {
  expect(edgeWidth(0)).toBe(1.25)
  expect(edgeWidth(5_000)).toBe(2)
})

test('a dead-letter queue is named after its group', () => {
  expect(shortName({ kind: 'dead_letter_queue', name: 'consumer-email-dead-letters' })).toBe('email.dead-letters')
})

test('the find box takes parts of names and comparisons', () => {
  expect(parseFind('')).toBeUndefined()
  expect(parseFind('sumer-d')?.(queue, undefined)).toBe(true)
  expect(parseFind('lag > 100')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(true)
  expect(parseFind('lag<5')?.(queue, { ratePerSecond: 0, total: 0, depth: 101 })).toBe(false)
})

test('particles move only with traffic and are at most twelve on an edge', () => {
  expect(flowOf({ ratePerSecond: 0, total: 5 }, { from: 'a', to: 'b' }).count).toBe(0)
  const flow = flowOf({ ratePerSecond: 50_000, total: 5, p50Ms: 4, retriesPerSecond: 25_000 }, { from: 'a', to: 'b' })
  expect(flow.count).toBe(mostParticles)
  expect(thinned(flow, 56)?.count).toBe(4)
  const origin = { x: 0, y: 0 }
  const end = { x: 100, y: 0 }
  const edge = {
    edge: { id: 'a->b', from: 'a', to: 'b', declared: true, observed: true },
    curve: [origin, origin, end, end],
    path: '',
    head: '',
    middle: origin,
    labelRoom: 0,
    length: 100,
  } as const
  const particles = particlesAt({ ...edge, curve: [origin, origin, end, end] }, flow, 0.4)
  expect(particles).toHaveLength(mostParticles)
  expect(particles.filter((one) => one.kind === 'retry')).toHaveLength(mostParticles / 2)
})

test('a consumer says what it retries and when, and first of all what it lost', () => {
  const figures = { ratePerSecond: 1, total: 9, p95Ms: 41 }
  const fact = (owed: Parameters<typeof cardWords>[4]) => cardWords(consumer, figures, { in: 1, out: 1 }, 0, owed).fact
  expect(fact({ retrying: 0, lost: 0 })).toBe('handler p95 41 ms')
  expect(fact({ retrying: 38, lost: 0, dueInMs: 1_240 })).toBe('38 retry in 1.2 s')
  expect(fact({ retrying: 38, lost: 0, dueInMs: -300 })).toBe('38 retry due now')
  expect(fact({ retrying: 38, lost: 0, dueInMs: -19_800 })).toBe('38 overdue 19.8 s')
  expect(fact({ retrying: 38, lost: 2 })).toBe('2 lost')
})

test('an effect shows duplicates in place of its rate', () => {
  const mailbox = { id: 'effect:mailbox', kind: 'effect', name: 'mailbox', state: 'up', effect: 'email' } as const
  const words = (duplicates: number) =>
    cardWords(mailbox, { ratePerSecond: 2, total: 9 }, { in: 1, out: 0 }, 0, { retrying: 0, lost: 0, duplicates })
  expect(words(0).fact).toBe('2.0/s')
  expect(words(3)).toMatchObject({ fact: '3 duplicates, counted' })
  expect(words(3).mark).toBeUndefined()
})
