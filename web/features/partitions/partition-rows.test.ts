import { expect, test } from 'vitest'
import type { PartitionFigures } from '#contracts/api/partitions.ts'
import { byGroup, partitionRows, ranges, retryTopicRows, topicWords } from './partition-rows.ts'

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
    { group: 'consumer-db', read: '0 of 2 read', committed: '20', end: '40', lag: '10', time: '8.3 s' },
    { group: 'consumer-email', read: '2 of 2 read', committed: '20', end: '40', lag: '2', time: '200 ms' },
  ])
  expect(groups.flatMap(({ rows }) => rows.map(({ reader }) => reader))).toEqual([
    ...['nobody', 'nobody', 'replica 2', 'replica 2'],
  ])
})

test('a group that has committed nothing has no sum, and one that has in part sums what it has', () => {
  const rows = (committed: (number | null)[]) =>
    byGroup(
      partitionRows(
        committed.map((offset, partition) => ({
          ...{ topic: 'a', partition, startOffset: 0, endOffset: 1_000 },
          groups: [{ group: 'db', committed: offset, lag: 0, lagMs: null, isAtLeast: false }],
        })),
        { topic: 'a' },
      ),
    )
  expect(rows([null, null])).toMatchObject([{ committed: '–', end: '2,000' }])
  expect(rows([null, 700])).toMatchObject([{ committed: '700', end: '2,000' }])
})

test('retry topics of a topic are its own, those of a group are all of its topics, each over its partitions', () => {
  const retry = (topic: string, group: string, level: number, lag = 0): PartitionFigures => ({
    ...{
      topic: `${topic}.${group}.retry.${level}`,
      partition: 0,
      startOffset: 0,
      endOffset: 10,
      retry: { group, level },
    },
    groups: [{ group, committed: 10 - lag, lag, lagMs: lag === 0 ? 0 : lag * 100, isAtLeast: false }],
  })
  const named = { topic: 'a.db.retry.5', partition: 0, startOffset: 0, endOffset: 9, groups: [] }
  const all = [
    ...[retry('a', 'db', 10), retry('a', 'db', 2, 3), { ...retry('a', 'db', 2, 4), partition: 1 }],
    ...[retry('ab', 'db', 1), retry('b', 'db', 1), retry('a', 'mail', 1), named],
  ]
  const node = { id: 'retry_topic:db.retry.2', kind: 'retry_topic', name: 'db.retry.2', state: 'up' } as const
  const nodes = [{ ...node, retry: { group: 'db', level: 2, delayMs: 400 } }]
  const names = (of: Parameters<typeof retryTopicRows>[2]) => retryTopicRows(all, nodes, of).map(({ name }) => name)
  expect(names({ topic: 'a' })).toEqual(['a.db.retry.2', 'a.db.retry.10', 'a.mail.retry.1'])
  expect(names({ group: 'db' })).toEqual(['a.db.retry.2', 'a.db.retry.10', 'ab.db.retry.1', 'b.db.retry.1'])
  expect(retryTopicRows(all, nodes, { topic: 'a' })[0]).toEqual({
    ...{ name: 'a.db.retry.2', partitions: 2, waiting: 7, oldestMs: 400, delayMs: 400, end: 20 },
  })
})
