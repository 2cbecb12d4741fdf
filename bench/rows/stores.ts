import { type RawClient, rawClient } from '../simulator/raw-client.ts'
import { startBothStores } from '../simulator/start.ts'
import {
  type BenchQueue,
  cycle,
  drain,
  expectHeld,
  newQueue,
  removeQueue,
  send,
  sendBatches,
} from '../simulator/work.ts'
import { interleaved } from '../statistics.ts'

export const inFlight = 32
const bodyBytes = 1_024
const retainedBodyBytes = 256

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return count / ((performance.now() - began) / 1_000)
}

/** What is timed on a new queue, what comes before it, and how many messages must be left. */
interface Kind {
  before: (queue: BenchQueue, count: number) => Promise<void>
  timed: (queue: BenchQueue, count: number) => Promise<void>
  left: (count: number) => number
}

const nothing = async () => {}
const kinds: Record<string, Kind> = {
  send: { before: nothing, timed: send, left: (count) => count },
  'batch of 10': { before: nothing, timed: sendBatches, left: (count) => count },
  'receive and delete': { before: sendBatches, timed: drain, left: () => 0 },
  'send, receive, delete': { before: nothing, timed: cycle, left: () => 0 },
}

async function onNewQueue(client: RawClient, { before, timed, left }: Kind, count: number): Promise<number> {
  const queue = await newQueue(client, bodyBytes)
  await before(queue, count)
  const rate = await perSecond(count, () => timed(queue, count))
  await expectHeld(queue, left(count))
  await removeQueue(queue)
  return rate
}

/** Every kind of work on two sides in turn, under the names of the sides; the ratio is that of the first to the second. */
export async function compared(sides: Record<string, RawClient>, repetitions: number, count: number) {
  const [[oneName, one], [otherName, other]] = Object.entries(sides) as [Side, Side]
  const rows: Record<string, object> = {}
  for (const [name, kind] of Object.entries(kinds)) {
    const { first, second, ratio } = await interleaved(
      repetitions,
      () => onNewQueue(one, kind, count),
      () => onNewQueue(other, kind, count),
    )
    rows[name] = { [oneName]: first, [otherName]: second, ratio }
  }
  return { unit: 'msg/s over raw HTTP, 32 in flight, 1 KiB', count, ...rows }
}
type Side = [name: string, client: RawClient]

/** The Redis store against the memory store with its journal, behind the same HTTP server in the same process. */
export async function stores({ repetitions, count, appendfsync }: StoresOptions) {
  const both = await startBothStores(appendfsync)
  const [memory, redis] = [rawClient(both.memory, inFlight), rawClient(both.redis, inFlight)]
  try {
    return { appendfsync, ...(await compared({ redis, memory }, repetitions, count)) }
  } finally {
    for (const client of [memory, redis]) client.close()
    await both.stop()
  }
}

/** Send, receive, delete beside a backlog against the same on an empty queue, for both stores. */
export async function retained({ repetitions, count, appendfsync, backlog }: StoresOptions & { backlog: number }) {
  const both = await startBothStores(appendfsync)
  const rows: Record<string, object> = {}
  try {
    for (const [name, url] of Object.entries({ redis: both.redis, memory: both.memory })) {
      const client = rawClient(url, inFlight)
      const full = await newQueue(client, retainedBodyBytes)
      const empty = await newQueue(client, retainedBodyBytes)
      await sendBatches(full, backlog)
      await expectHeld(full, backlog)
      const { first, second, ratio } = await interleaved(
        repetitions,
        () => perSecond(count, () => cycle(full, count)),
        () => perSecond(count, () => cycle(empty, count)),
      )
      await expectHeld(full, backlog)
      await expectHeld(empty, 0)
      rows[name] = { full: first, empty: second, ratio }
      client.close()
    }
  } finally {
    await both.stop()
  }
  return { unit: 'messages/s sent, received and deleted, 32 in flight', appendfsync, backlog, count, ...rows }
}

export interface StoresOptions {
  /** Repetitions of each timed side. */
  repetitions: number
  /** Messages of one timed repetition; a multiple of ten. */
  count: number
  /** As redis-server takes it. */
  appendfsync: string
}
