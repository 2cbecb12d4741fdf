import { readFileSync } from 'node:fs'
import { startLineProcess } from '../line-process.ts'
import { cpuMicrosecondsOf } from '../processes/process-cpu.ts'
import { belowFloor } from '../simulator/floors.ts'
import { nullWork, publication } from '../simulator/null-work.ts'
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
import { interleaved, spread } from '../statistics.ts'
import { compared, inFlight, retained, type StoresOptions } from './stores.ts'

const bodyBytes = 1_024

interface Kind {
  /** Messages that one turn of requests carries; the requests of a turn are those of the null server's work. */
  messages: number
  /** Made ready, then measured. */
  timed: (side: Side, count: number) => Promise<Work>
}

/** A server, and a client of it. */
interface Side {
  client: RawClient
  pid: number
}

/** What some requests took: time, and of it the server's processor time. */
interface Work {
  seconds: number
  cpuMicroseconds: number
}

async function measured(pid: number, work: () => Promise<void>): Promise<Work> {
  const [began, cpu] = [performance.now(), cpuMicrosecondsOf(pid)]
  await work()
  return { seconds: (performance.now() - began) / 1_000, cpuMicroseconds: cpuMicrosecondsOf(pid) - cpu }
}

const onQueue =
  (before: typeof send | undefined, work: typeof send, left: (count: number) => number, fifo = false) =>
  async ({ client, pid }: Side, count: number): Promise<Work> => {
    const queue = await newQueue(client, bodyBytes, fifo)
    await before?.(queue, count)
    const took = await measured(pid, () => work(queue, count))
    await expectHeld(queue, left(count))
    await removeQueue(queue)
    return took
  }
const none = () => 0
const all = (count: number) => count

const kinds: Record<string, Kind> = {
  send: { messages: 1, timed: onQueue(undefined, send, all) },
  'batch of 10': { messages: 10, timed: onQueue(undefined, sendBatches, all) },
  'receive and delete': { messages: 10, timed: onQueue(sendBatches, drain, none) },
  'send, receive, delete': { messages: 1, timed: onQueue(undefined, cycle, none) },
  'publish to two queues': { messages: 1, timed: published },
}

/** Raw delivery to two standard queues, each of which must hold every message afterwards. */
async function published({ client, pid }: Side, count: number): Promise<Work> {
  const queues: BenchQueue[] = [await newQueue(client, bodyBytes), await newQueue(client, bodyBytes)]
  const answer = await client.form({ Action: 'CreateTopic', Name: 'bench' })
  const topic = /<TopicArn>(.*?)<\/TopicArn>/.exec(answer)?.[1] ?? ''
  for (const { url } of queues) {
    const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${url.slice(url.lastIndexOf('/') + 1)}`
    const raw = { 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true' }
    await client.form({ Action: 'Subscribe', TopicArn: topic, Protocol: 'sqs', Endpoint, ...raw })
  }
  let next = 0
  const body = 'x'.repeat(bodyBytes)
  const took = await measured(pid, () =>
    client.together(async (_, form) => {
      while (next < count) await form(publication(topic, next++, body))
    }),
  )
  for (const queue of queues) await expectHeld(queue, count)
  await client.form({ Action: 'DeleteTopic', TopicArn: topic })
  for (const queue of queues) await removeQueue(queue)
  return took
}

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024

/** Microseconds of the server's processor per message, without the round that does not count, and the ratio of the medians. */
function processorRatio({ simulator, nullServer }: { simulator: number[]; nullServer: number[] }) {
  const [of, least] = [spread(simulator.slice(1)), spread(nullServer.slice(1))]
  return { simulator: of.median, nullServer: least.median, ratio: least.median / of.median }
}

/** Bytes of a message beside its body: what the process grew by, of the memory store. */
async function memoryOfMessages(client: RawClient, pid: number, count: number): Promise<object> {
  const queue = await newQueue(client, bodyBytes)
  const before = residentBytes(pid)
  await sendBatches(queue, count)
  await expectHeld(queue, count)
  const grown = residentBytes(pid) - before
  await removeQueue(queue)
  return {
    messages: count,
    grownMegabytes: Math.round(grown / 1e6),
    bytesAboveBody: Math.round(grown / count - bodyBytes),
  }
}

/**
 * The simulator beside a Node HTTP server that does nothing: the same requests to both in turn. Ratios are of requests a second. Then FIFO
 * against standard queues, Redis against memory, a full queue against an empty one, and what a message takes in memory.
 */
export async function simulator(options: StoresOptions & { backlog: number; retainedMessages: number }) {
  const { repetitions, count, appendfsync, retainedMessages } = options
  const [both, least] = [await startBothStores(appendfsync), await startLineProcess('bench/simulator/null-server.ts')]
  const clients = { memory: rawClient(both.memory, inFlight), redis: rawClient(both.redis, inFlight) }
  const nothing = { client: rawClient(`http://127.0.0.1:${least.port}`, inFlight), pid: least.pid }
  const processorOfMemory: Record<string, number> = {}
  const rows: Record<string, Record<string, object>> = { toNullServer: {}, fifoToStandard: {} }
  try {
    const memory = await memoryOfMessages(clients.memory, both.pid, retainedMessages)
    for (const [store, client] of Object.entries(clients)) {
      const side = { client, pid: both.pid }
      const ratios: Record<string, object> = {}
      for (const [name, { messages, timed }] of Object.entries(kinds)) {
        const cpu: { simulator: number[]; nullServer: number[] } = { simulator: [], nullServer: [] }
        const rateOf = ({ seconds, cpuMicroseconds }: Work, costs: number[]): number => {
          costs.push(cpuMicroseconds / count)
          return count / seconds
        }
        const { first, second, ratio } = await interleaved(
          repetitions,
          async () => rateOf(await timed(side, count), cpu.simulator),
          async () =>
            rateOf(await measured(nothing.pid, () => nullWork(nothing.client, name, count, messages)), cpu.nullServer),
        )
        const processor = processorRatio(cpu)
        if (store === 'memory') processorOfMemory[name] = processor.ratio
        ratios[name] = { simulator: first, nullServer: second, ratio, processor }
      }
      const fifo: Record<string, object> = {}
      for (const [name, work, left] of [
        ['send', send, all] as const,
        ['send, receive, delete', cycle, none] as const,
      ]) {
        const { ratio } = await interleaved(
          repetitions,
          async () => count / (await onQueue(undefined, work, left, true)(side, count)).seconds,
          async () => count / (await onQueue(undefined, work, left)(side, count)).seconds,
        )
        fifo[name] = ratio
      }
      rows.toNullServer = { ...rows.toNullServer, [store]: ratios }
      rows.fifoToStandard = { ...rows.fifoToStandard, [store]: fifo }
    }
    const redisToMemory = await compared({ redis: clients.redis, memory: clients.memory }, repetitions, count)
    const fullToEmpty = await retained(options)
    const below = belowFloor(processorOfMemory)
    if (below.length > 0) process.exitCode = 1
    return {
      unit: 'msg/s over raw HTTP, 32 in flight, 1 KiB',
      appendfsync,
      count,
      ...rows,
      redisToMemory,
      fullToEmpty,
      memory,
      belowFloor: below,
    }
  } finally {
    for (const client of [...Object.values(clients), nothing.client]) client.close()
    await Promise.all([both.stop(), least.stop()])
  }
}
