/**
 * The pipe with nothing around it: a client of the broker, the same batches, the same handlers and effects; no telemetry, traces,
 * sidecar or control plane. One process per role, as in the lab. Its parent speaks to it over IPC.
 */
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
import { handled } from './handled.ts'
import { bareTopic } from './names.ts'
import { openPipe } from './open-pipe.ts'

const env = z
  .object({
    BARE_ROLE: z.enum(['publish', 'email', 'db']),
    DATABASE_URL: z.string(),
    SMTP_URL: z.string(),
  })
  .parse(process.env)

const mailLanes = 4
const pipe = openPipe(process.env)

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
  await pipe.consume({ topic: bareTopic, group: 'bare-email', lanes: mailLanes, batchSize: 10 }, async (batch) => {
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
  await pipe.consume({ topic: bareTopic, group: 'bare-db', lanes: concurrency, batchSize }, async (envelopes) => {
    const results = await batch(envelopes.map((envelope) => handled(envelope)))
    const failed = results.find((result) => result instanceof Error)
    if (failed) throw failed
  })
}
