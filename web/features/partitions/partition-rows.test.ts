import { expect, test } from 'vitest'
import { byGroup, listedRetryTopicsOf, partitionRows, ranges, topicWords } from './partition-rows.ts'

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

test('rows come by group, with the sum of the lag and the longest time', () => {
  const group = { committed: 10, isAtLeast: false }
  const partitions = [0, 1].map((partition) => ({
    ...{ topic: 'a', partition, startOffset: 0, endOffset: 20 },
    groups: [
      { ...group, group: 'consumer-db', lag: 10 * partition, lagMs: 8_300 * partition },
      { ...group, group: 'consumer-email', lag: 1, lagMs: 200, instance: 'consumer-email-2' },
    ],
  }))
  const groups = byGroup(partitionRows(partitions, { topic: 'a' }))
  expect(groups).toMatchObject([
    { group: 'consumer-db', read: '0 of 2 read', lag: '10', time: '8.3 s' },
    { group: 'consumer-email', read: '2 of 2 read', lag: '2', time: '200 ms' },
  ])
  expect(groups.flatMap(({ rows }) => rows.map(({ reader }) => reader))).toEqual([
    ...['nobody', 'nobody', 'replica 2', 'replica 2'],
  ])
})

test('the retry topics of a topic are those of its own, in the order of their levels', () => {
  const named = (topic: string) => ({ topic, partition: 0, startOffset: 0, endOffset: 0, groups: [] })
  const all = ['a', 'a.db.retry.10', 'a.db.retry.2', 'ab.db.retry.1', 'b.db.retry.1'].map(named)
  expect(listedRetryTopicsOf(all, 'a').map(({ topic }) => topic)).toEqual(['a.db.retry.2', 'a.db.retry.10'])
})
