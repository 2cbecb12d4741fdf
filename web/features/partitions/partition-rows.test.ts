import { expect, test } from 'vitest'
import { partitionRows, ranges, topicWords } from './partition-rows.ts'

test('numbers that follow one another are a range', () => {
  expect(ranges([5, 0, 2, 1])).toBe('0–2, 5')
  expect(ranges([])).toBe('')
})

test('a retry topic is called by its attempt', () => {
  expect(topicWords('order_placed.consumer-db.retry.2', 'consumer-db')).toBe('order_placed retry 2')
  expect(topicWords('order_placed', 'consumer-db')).toBe('order_placed')
})

test('a row says how far a group is, in messages and in time', () => {
  const group = { group: 'consumer-db', committed: 1_000, lag: 204, lagMs: 20_400, isAtLeast: true }
  const partitions = [
    {
      topic: 'a',
      partition: 0,
      startOffset: 0,
      endOffset: 1_204,
      groups: [group, { ...group, group: 'consumer-email', lag: 0 }],
    },
    { topic: 'b', partition: 0, startOffset: 0, endOffset: 1, groups: [{ ...group, committed: null }] },
  ]
  expect(partitionRows(partitions, { group: 'consumer-db' })).toMatchObject([
    { topic: 'a', committed: '1,000', end: '1,204', lagText: '204', time: '≥ 20.4 s' },
    { topic: 'b', committed: '–' },
  ])
  expect(partitionRows(partitions, { topic: 'a' }).map(({ time }) => time)).toEqual(['≥ 20.4 s', ''])
})
