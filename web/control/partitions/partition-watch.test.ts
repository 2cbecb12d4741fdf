import { expect, test } from 'vitest'
import { createPartitionWatch } from './partition-watch.ts'

const partition = (endOffset: number, committed: number | null) => ({
  ...{ topic: 'order_placed', partition: 2, startOffset: 0, endOffset },
  groups: [{ group: 'consumer-db', committed }],
})
const assigned = (instance: string, generation: number, partitions: number[]) => ({
  ...{
    kind: 'group.assigned' as const,
    at: 1_000,
    group: 'consumer-db',
    instance,
    memberId: `${instance}-x`,
    generation,
  },
  ...{
    reason: 'rebalanced' as const,
    partitions: partitions.length === 0 ? [] : [{ topic: 'order_placed', partitions }],
  },
})

test('lag is counted in messages and in time, and names who reads', () => {
  let at = 0
  const watch = createPartitionWatch(() => at)
  watch.take([partition(0, null)])
  at = 1_000
  watch.assigned(assigned('consumer-db-1', 3, [0, 1, 2]))
  watch.take([partition(100, 0)])
  at = 5_000
  watch.take([partition(100, 50)])
  expect(watch.figures()).toEqual([
    {
      ...{ topic: 'order_placed', partition: 2, startOffset: 0, endOffset: 100 },
      groups: [
        { group: 'consumer-db', committed: 50, lag: 50, lagMs: 4_490, isAtLeast: false, instance: 'consumer-db-1' },
      ],
    },
  ])
  watch.take([partition(100, 100)])
  expect(watch.figures()[0]?.groups[0]).toMatchObject({ lag: 0, lagMs: 0 })
})

test('a replica that leaves reads nothing', () => {
  const watch = createPartitionWatch(() => 0)
  watch.assigned(assigned('consumer-db-1', 3, [2]))
  watch.assigned(assigned('consumer-db-1', 4, []))
  watch.assigned(assigned('consumer-db-2', 4, [2]))
  watch.take([partition(1, null)])
  expect(watch.members().map(({ instance, generation }) => [instance, generation])).toEqual([['consumer-db-2', 4]])
  expect(watch.figures()[0]?.groups[0]).toMatchObject({ lag: 1, instance: 'consumer-db-2' })
})

test('another broker has none', () => {
  const watch = createPartitionWatch(() => 0)
  watch.assigned(assigned('consumer-db-1', 3, [2]))
  watch.take([partition(1, null)])
  watch.take(undefined)
  expect([watch.figures(), watch.members()]).toEqual([[], []])
})

test('who joins the broker that the lab is moving to is known when it has moved', () => {
  const watch = createPartitionWatch(() => 0)
  watch.take(undefined)
  watch.assigned(assigned('consumer-db-1', 1, [2]))
  watch.take(undefined)
  expect(watch.members()).toEqual([])
  watch.take([partition(1, null)])
  expect(watch.members().map(({ instance }) => instance)).toEqual(['consumer-db-1'])
  expect(watch.figures()[0]?.groups[0]).toMatchObject({ instance: 'consumer-db-1' })
  watch.take(undefined)
  watch.take([partition(1, null)])
  expect(watch.members()).toEqual([])
})

test('retry topics are summed up by group and level, over their topics and partitions', () => {
  let at = 0
  const watch = createPartitionWatch(() => at)
  const retry = (topic: string, number: number, level: number, end: number, committed: number | null) => ({
    ...{ topic: `${topic}.consumer-db.retry.${level}`, partition: number, startOffset: 0, endOffset: end },
    groups: [{ group: 'consumer-db', committed }],
    retry: { group: 'consumer-db', level },
  })
  watch.take([retry('a', 0, 1, 4, 4), retry('b', 0, 1, 0, null), retry('a', 0, 2, 0, null), partition(7, 0)])
  at = 3_000
  const { retries, oldest } = watch.take([retry('a', 0, 1, 9, 4), retry('b', 0, 1, 2, null), retry('a', 0, 2, 0, null)])
  // What waits for another attempt is not unread.
  expect(oldest.size).toBe(0)
  expect(retries).toEqual([
    { group: 'consumer-db', level: 1, waiting: 7, oldestMs: expect.any(Number), came: 11 },
    { group: 'consumer-db', level: 2, waiting: 0, oldestMs: undefined, came: 0 },
  ])
  expect(watch.figures()[0]?.retry).toEqual({ group: 'consumer-db', level: 1 })
  expect(watch.take([partition(9, 0)]).oldest.get('consumer-db')).toEqual(expect.any(Number))
  expect(watch.take(undefined).retries).toEqual([])
})
