import { expect, test } from 'vitest'
import { edgeLabel, edgeWidth } from './edge-words.ts'

const queue = { id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' } as const
const consumer = { id: 'consumer:consumer-db', kind: 'consumer', name: 'consumer-db', state: 'up' } as const
const producer = { id: 'producer:producer', kind: 'producer', name: 'producer', state: 'up' } as const
const topic = { id: 'topic:a', kind: 'topic', name: 'a', state: 'up' } as const

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
