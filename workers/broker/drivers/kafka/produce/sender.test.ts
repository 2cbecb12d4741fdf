import { expect, test } from 'vitest'
import type { ClusterClient } from '../cluster/cluster.ts'
import type { Produce } from './produce.ts'
import type { OutgoingRecord } from './record.ts'
import { createSender } from './sender.ts'

const partitions = 3
const settings = { lingerMs: 0, maxInFlightBytes: 1_000_000, now: () => 0 }
const cluster = { partitionsOf: () => partitions } as unknown as ClusterClient
const record = (key: string | null): OutgoingRecord => ({ key, value: 'x', headers: [] })

/** A sender, and the batches that it has sent. */
function sender() {
  const batches: { topic: string; partition: number; count: number }[] = []
  const produce: Produce = async (topic, partition, records) => {
    batches.push({ topic, partition, count: records.length })
    return records.map(() => ({ state: 'acked', ref: `${partition}@0` }))
  }
  return { send: createSender(cluster, produce, settings), batches }
}

test('records without a key share a batch, and batches go to one partition after the other', async () => {
  const { send, batches } = sender()
  for (let round = 0; round < 2 * partitions; round += 1)
    await Promise.all([1, 2, 3, 4].map(() => send('topic', record(null))))
  expect(batches).toEqual([0, 1, 2, 0, 1, 2].map((partition) => ({ topic: 'topic', partition, count: 4 })))
})

test('each topic has its own turn, and a key keeps its partition', async () => {
  const { send, batches } = sender()
  for (const topic of ['one', 'two', 'one', 'two']) await send(topic, record(null))
  expect(batches.map(({ topic, partition }) => `${topic}/${partition}`)).toEqual(['one/0', 'two/0', 'one/1', 'two/1'])
  batches.length = 0
  for (let round = 0; round < 4; round += 1) await send('one', record('a key'))
  expect(new Set(batches.map(({ partition }) => partition)).size).toBe(1)
})

test('records keep the order of their calls where the topic becomes known between them', async () => {
  const looks: (() => void)[] = []
  let known = 0
  const values: unknown[] = []
  const late = {
    partitionsOf: () => known,
    topics: () => new Promise((resolve) => looks.push(() => resolve(new Map([['topic', 1]])))),
  } as unknown as ClusterClient
  const produce: Produce = async (_, partition, records) => {
    values.push(...records.map(({ value }) => value))
    return records.map(() => ({ state: 'acked', ref: `${partition}@0` }))
  }
  const send = createSender(late, produce, settings)
  const sent = ['a', 'b'].map((value) => send('topic', { ...record('k'), value }))
  // The cluster knows it before whoever asked is answered.
  known = 1
  sent.push(send('topic', { ...record('k'), value: 'c' }))
  for (const answer of looks) answer()
  expect((await Promise.all(sent)).map(({ state }) => state)).toEqual(['acked', 'acked', 'acked'])
  await send('topic', { ...record('k'), value: 'd' })
  expect(values).toEqual(['a', 'b', 'c', 'd'])
})
