/**
 * One service of the chain with nothing around it: a client of the broker, the same batches, program and effect; no checks of data, retries,
 * telemetry, traces, sidecar or control plane. Its parent speaks to it over IPC.
 */
import { z } from 'zod'
import { type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import { formatIdentity } from '#contracts/events/identity.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { createPrisma } from '#prisma/client.ts'
import { concurrency, databaseConsumer } from '#workers/consumer-db/consumer.ts'
import { createStore } from '#workers/consumer-db/store.ts'
import { tableWriters } from '#workers/consumer-db/table-writers.ts'
import { requestOf } from '#workers/program/cloudevents/write-event.ts'
import { createCaller } from '#workers/program/delivery/call.ts'
import { batchesOf } from '#workers/runtime/consume/batches.ts'
import { handled } from '../bare/handled.ts'
import { openPipe } from '../bare/open-pipe.ts'
import { bareGroupOf, bareTopicOf, chainConcurrency, chainLab, type Hop, hops } from './names.ts'

const env = z
  .object({
    CHAIN_SERVICE: z.string(),
    CHAIN_PROGRAM: z.string(),
    DATABASE_URL: z.string(),
    BARE_KAFKA: z.string().optional(),
  })
  .parse(process.env)
/** What a queue gives at a time: the services' messages in flight are batches of it. */
const queueBatch = 10

const pipe = openPipe(process.env)
const epoch = Math.floor(Date.now() / 1000)
let seq = 0

/** An event of this service, caused by another where one is given. */
function eventOf(type: string, key: string, body: string, cause?: Envelope): Envelope {
  seq += 1
  const topic = bareTopicOf(type)
  const correlationId = cause?.correlationId ?? cause?.id
  return {
    id: formatIdentity({ producer: `bare-${env.CHAIN_SERVICE}`, epoch, topic, seq }),
    ...{ type, topic, key, version: 1, body, time: new Date().toISOString() },
    traceparent: cause?.traceparent ?? newTraceparent(),
    ...(cause === undefined ? {} : { causationId: cause.id, hops: (cause.hops ?? 0) + 1 }),
    ...(correlationId === undefined ? {} : { correlationId }),
  }
}

/** Milliseconds from an event's publish until it was handled and the broker had what it caused. */
let latencies: number[] = []

/** Takes events of the hop for ever. */
function consume(hop: Hop, sizes: { lanes: number; batchSize: number }, handle: (batch: Envelope[]) => Promise<void>) {
  return pipe.consume({ topic: bareTopicOf(hop.takes), group: bareGroupOf(hop), ...sizes }, async (batch) => {
    await handle(batch)
    const at = Date.now()
    for (const { time } of batch) latencies.push(at - Date.parse(time))
  })
}

function serviceSizes(): { lanes: number; batchSize: number } {
  if (env.BARE_KAFKA === undefined) return { lanes: chainConcurrency / queueBatch, batchSize: queueBatch }
  const { concurrency: lanes, batchSize } = batchesOf(chainConcurrency, true)
  return { lanes, batchSize }
}

const replyType = z.object({ 'ce-type': z.string() })
const ofAnOrder = z.object({ orderId: z.string(), email: z.string() })
const keyOf = (body: string): string => ofAnOrder.parse(JSON.parse(body)).orderId

async function serve(hop: Hop): Promise<void> {
  const next = hops[hops.indexOf(hop) + 1]
  if (hop.service === 'payment') {
    const { call } = createCaller(new URL(env.CHAIN_PROGRAM), chainConcurrency)
    await consume(hop, serviceSizes(), async (batch) => {
      const caused = await Promise.all(
        batch.map(async (envelope) => {
          const event = handled(envelope)
          const { status, headers, body } = await call(requestOf(event, bareGroupOf(hop), 'binary'), event.signal)
          if (status !== 200) throw new Error(`the program answered ${status}`)
          const text = body.toString()
          return eventOf(replyType.parse(headers)['ce-type'], keyOf(text), text, envelope)
        }),
      )
      await pipe.publish(caused)
    })
  } else if (next !== undefined) {
    await consume(hop, serviceSizes(), (batch) =>
      pipe.publish(
        batch.map((envelope) => {
          const data = ofAnOrder.parse(JSON.parse(envelope.body))
          return eventOf(next.takes, data.orderId, JSON.stringify(data), envelope)
        }),
      ),
    )
  } else {
    const types = new Map((await loadLab(`${process.cwd()}/${chainLab}`)).events.map((type) => [type.name, type]))
    const prisma = createPrisma(env.DATABASE_URL, { max: concurrency })
    const group = bareGroupOf(hop)
    const store = createStore({ prisma, consumer: group, writers: tableWriters, random: Math.random })
    const { batch: write, batchSize = queueBatch } = databaseConsumer(group, store)
    await consume(hop, { lanes: concurrency, batchSize }, async (batch) => {
      const results = await write?.(batch.map((envelope) => handled(envelope, types.get(envelope.type))))
      const failed = results?.find((result) => result instanceof Error)
      if (failed) throw failed
    })
  }
}

const asked = z.union([
  z.strictObject({ take: z.literal(true) }),
  z.strictObject({ count: z.int(), everyMs: z.number() }),
])

/** `count` orders, at once if nothing is waited between two. */
async function publish(count: number, everyMs: number): Promise<void> {
  const order = (): Envelope => {
    const orderId = crypto.randomUUID()
    const data = { orderId, email: `ada+${orderId.slice(0, 8)}@example.com`, total: 42.5 }
    return eventOf(hops[0].takes, orderId, JSON.stringify(data))
  }
  if (everyMs === 0) return pipe.publish(Array.from({ length: count }, order))
  const sent: Promise<void>[] = []
  const began = performance.now()
  while (sent.length < count) {
    sent.push(pipe.publish([order()]))
    const waitMs = began + sent.length * everyMs - performance.now()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)))
  }
  await Promise.all(sent)
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message) => {
  const wanted = asked.parse(message)
  if ('take' in wanted) {
    process.send?.(latencies)
    latencies = []
  } else void publish(wanted.count, wanted.everyMs).then(() => process.send?.('published'))
})
process.send?.('ready')
const hop = hops.find(({ service }) => service === env.CHAIN_SERVICE)
if (hop !== undefined) await serve(hop)
