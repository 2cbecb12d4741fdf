/**
 * The pipe with nothing around it: a client of the broker, the same batches, the same handlers and effects; no telemetry, traces,
 * sidecar or control plane. One process per role, as in the lab. Its parent speaks to it over IPC.
 */
import { pino } from 'pino'
import { z } from 'zod'
import { type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import { formatIdentity } from '#contracts/events/identity.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { createPrisma } from '#prisma/client.ts'
import { concurrency, databaseConsumer } from '#workers/consumer-db/consumer.ts'
import { createStore } from '#workers/consumer-db/store.ts'
import { tableWriters } from '#workers/consumer-db/table-writers.ts'
import { emailHandlers } from '#workers/consumer-email/handlers.ts'
import { createMailer } from '#workers/consumer-email/mailer.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { kafkaPipe } from './kafka-pipe.ts'
import { bareTopic } from './names.ts'
import { sqsPipe } from './sqs-pipe.ts'

const env = z
  .object({
    BARE_ROLE: z.enum(['publish', 'email', 'db']),
    /** One of both. */
    BARE_ENDPOINT: z.string().optional(),
    BARE_KAFKA: z.string().optional(),
    DATABASE_URL: z.string(),
    SMTP_URL: z.string(),
  })
  .parse(process.env)

const silent = pino({ level: 'silent' })
const mailLanes = 4
const pipe = env.BARE_KAFKA === undefined ? sqsPipe(env.BARE_ENDPOINT ?? '') : kafkaPipe(env.BARE_KAFKA.split(','))

/** `count` orders under identities of `epoch`. */
function orders(epoch: number, count: number): Envelope[] {
  return Array.from({ length: count }, (_, index) => {
    const orderId = crypto.randomUUID()
    return {
      id: formatIdentity({ producer: 'bare-1', epoch, topic: bareTopic, seq: index + 1 }),
      ...{ type: orderPlaced.name, topic: bareTopic, key: orderId, version: 1 },
      time: new Date().toISOString(),
      traceparent: newTraceparent(),
      body: JSON.stringify({ ...orderPlaced.example, orderId, email: `${crypto.randomUUID()}@example.com` }),
    }
  })
}

const handled = (envelope: Envelope): HandledEvent => ({
  ...{ id: envelope.id, type: envelope.type, data: JSON.parse(envelope.body), envelope },
  ...{ attempt: 1, receiveCount: 1, log: silent },
  signal: new AbortController().signal,
  say: () => undefined,
  acted: () => undefined,
  send: () => undefined,
  reported: () => undefined,
})

process.on('disconnect', () => process.exit(0))
if (env.BARE_ROLE === 'publish') {
  process.on('message', (message) => {
    const { epoch, count } = z.object({ epoch: z.int(), count: z.int() }).parse(message)
    void pipe.publish(orders(epoch, count)).then(() => process.send?.('published'))
  })
  process.send?.('ready')
} else if (env.BARE_ROLE === 'email') {
  const mail = emailHandlers(createMailer(env.SMTP_URL))[orderPlaced.name]
  if (mail === undefined) throw new Error('consumer-email has no handler for orders')
  process.send?.('ready')
  await pipe.consume('bare-email', mailLanes, 10, async (batch) => {
    await Promise.all(batch.map((envelope) => mail(handled(envelope))))
  })
} else {
  const prisma = createPrisma(env.DATABASE_URL, { max: concurrency })
  const { batch, batchSize = 10 } = databaseConsumer(
    'bare-db',
    createStore({ prisma, consumer: 'bare-db', writers: tableWriters, random: Math.random }),
  )
  if (batch === undefined) throw new Error('consumer-db takes no batches')
  process.send?.('ready')
  await pipe.consume('bare-db', concurrency, batchSize, async (envelopes) => {
    const results = await batch(envelopes.map(handled))
    const failed = results.find((result) => result instanceof Error)
    if (failed) throw failed
  })
}
