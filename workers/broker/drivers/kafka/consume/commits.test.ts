import { KafkaJSProtocolError } from 'kafkajs'
import { expect, test, vi } from 'vitest'
import { createCommits } from './commits.ts'
import type { MemberConnection } from './group-member.ts'
import { createPartitionLog, type FetchedRecord, markSettled } from './partition-log.ts'

/** Two settled records of one partition, and a broker that answers commits as told. */
function open() {
  const log = createPartitionLog('orders', 0)
  const records = [0, 1].map(
    (offset) => ({ log, offset, stamp: '', state: 'handling', at: 0 }) as unknown as FetchedRecord,
  )
  log.taken.push(...records)
  log.open = 2
  log.next = 2
  for (const taken of records) markSettled(taken, { kind: 'ack' })
  const refusal = { now: undefined as Error | undefined, count: 0 }
  const commit = async (): Promise<void> => {
    if (!refusal.now) return
    refusal.count += 1
    throw refusal.now
  }
  const confirmed: number[] = []
  const fenced: number[] = []
  const commits = createCommits({
    member: () => ({ commit }) as Pick<MemberConnection, 'commit'> as MemberConnection,
    logs: () => (log.lost ? [] : [log]),
    now: Date.now,
    onConfirmed: (taken) => void confirmed.push(...taken.map(({ offset }) => offset)),
    onFenced: (taken) => void fenced.push(...taken.map(({ offset }) => offset)),
  })
  return { log, refusal, confirmed, fenced, commits }
}

const protocolError = (type: string): Error => new KafkaJSProtocolError(Object.assign(new Error(type), { type }))

test('what the group refused and another member has now is reported as fenced, once', async () => {
  const { log, refusal, confirmed, fenced, commits } = open()
  refusal.now = protocolError('UNKNOWN_MEMBER_ID')
  commits.request()
  await vi.waitUntil(() => refusal.count > 0)
  expect(fenced).toEqual([])
  log.lost = true
  await vi.waitUntil(() => fenced.length > 0)
  expect([confirmed, fenced]).toEqual([[], [0, 1]])
  commits.stop()
  expect(fenced).toEqual([0, 1])
})

test('a member that keeps its partition commits again, and nothing is fenced', async () => {
  const { refusal, confirmed, fenced, commits } = open()
  refusal.now = protocolError('REBALANCE_IN_PROGRESS')
  commits.request()
  await vi.waitUntil(() => refusal.count > 0)
  refusal.now = undefined
  await vi.waitUntil(() => confirmed.length > 0)
  commits.stop()
  expect([confirmed, fenced]).toEqual([[0, 1], []])
})

test('a broker that is away fences nothing', async () => {
  const { log, refusal, fenced, commits } = open()
  refusal.now = new Error('Connection timeout')
  commits.request()
  await vi.waitUntil(() => refusal.count > 0)
  log.lost = true
  commits.stop()
  expect(fenced).toEqual([])
})
