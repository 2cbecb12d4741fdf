/**
 * The pipe with nothing around it: the AWS SDK, the same batches, the same handlers and effects; no telemetry, traces,
 * sidecar or control plane. One process per role, as in the lab. Its parent speaks to it over IPC.
 */
import { Agent } from 'node:http'
import { PublishBatchCommand, type PublishBatchRequestEntry, SNSClient } from '@aws-sdk/client-sns'
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { pino } from 'pino'
import { z } from 'zod'
import { envelopeOf, headersOf, newTraceparent } from '#contracts/envelope.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { formatIdentity } from '#contracts/identity.ts'
import { createPrisma } from '#prisma/client.ts'
import { concurrency, databaseConsumer } from '#workers/consumer-db/consumer.ts'
import { createStore } from '#workers/consumer-db/store.ts'
import { tableWriters } from '#workers/consumer-db/table-writers.ts'
import { emailHandlers } from '#workers/consumer-email/handlers.ts'
import { createMailer } from '#workers/consumer-email/mailer.ts'
import type { Consumer, HandledEvent } from '#workers/runtime/consumer.ts'
import { bareQueueUrl, bareTopicArn } from './names.ts'

const env = z
  .object({
    BARE_ROLE: z.enum(['publish', 'email', 'db']),
    AWS_ENDPOINT_URL: z.string(),
    DATABASE_URL: z.string(),
    SMTP_URL: z.string(),
  })
  .parse(process.env)

const clientOptions = {
  region: 'us-east-1',
  endpoint: env.AWS_ENDPOINT_URL,
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: 200 }) },
}
const publishesInFlight = 100
const polls = 4
const silent = pino({ level: 'silent' })

/** Publishes `count` orders under identities of `epoch`, in batches of ten. */
async function publish(epoch: number, count: number): Promise<void> {
  const sns = new SNSClient(clientOptions)
  let seq = 0
  const entry = (): PublishBatchRequestEntry => {
    seq += 1
    const envelope = {
      id: formatIdentity({ producer: 'bare-1', epoch, topic: 'bare_orders', seq }),
      type: orderPlaced.name,
      topic: 'bare_orders',
      time: new Date().toISOString(),
      traceparent: newTraceparent(),
      version: 1,
      body: JSON.stringify({
        ...orderPlaced.example,
        orderId: crypto.randomUUID(),
        email: `${crypto.randomUUID()}@example.com`,
      }),
    }
    const attributes = Object.entries(headersOf(envelope)).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ])
    return { Id: String(seq), Message: envelope.body, MessageAttributes: Object.fromEntries(attributes) }
  }
  const lane = async (): Promise<void> => {
    while (seq < count) {
      const entries = Array.from({ length: Math.min(10, count - seq) }, entry)
      await sns.send(new PublishBatchCommand({ TopicArn: bareTopicArn, PublishBatchRequestEntries: entries }))
    }
  }
  await Promise.all(Array.from({ length: publishesInFlight }, lane))
}

function handled(message: Message): HandledEvent {
  const headers = Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, value.StringValue ?? '']),
  )
  const envelope = envelopeOf('bare_orders', headers, message.Body ?? '')
  if (envelope === undefined) throw new Error('a message of the bare loop came back as another')
  return {
    id: envelope.id,
    type: envelope.type,
    data: JSON.parse(envelope.body),
    envelope,
    attempt: 1,
    receiveCount: 1,
    log: silent,
    signal: new AbortController().signal,
    say: () => undefined,
  }
}

/** Takes messages for ever: `polls` long polls fill a buffer, `lanes` empty it in batches of up to `batchSize`. */
async function consume(queue: string, lanes: number, batchSize: number, handle: Consumer['batch'] & {}): Promise<void> {
  const sqs = new SQSClient(clientOptions)
  const url = bareQueueUrl(env.AWS_ENDPOINT_URL, queue)
  const waiting: Message[] = []
  let busy = 0
  const drain = async (): Promise<void> => {
    if (busy >= lanes || waiting.length === 0) return
    busy += 1
    const batch = waiting.splice(0, batchSize)
    const results = await handle(batch.map(handled))
    const failed = results.find((result) => result instanceof Error)
    if (failed) throw failed
    for (let from = 0; from < batch.length; from += 10) {
      const entries = batch
        .slice(from, from + 10)
        .map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle ?? '' }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }))
    }
    busy -= 1
    await drain()
  }
  const poll = async (): Promise<void> => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 5,
          MessageAttributeNames: ['All'],
        }),
      )
      waiting.push(...Messages)
      void drain()
      while (waiting.length > batchSize * lanes) await new Promise(setImmediate)
    }
  }
  await Promise.all(Array.from({ length: polls }, poll))
}

process.on('disconnect', () => process.exit(0))
if (env.BARE_ROLE === 'publish') {
  process.on('message', (message) => {
    const { epoch, count } = z.object({ epoch: z.int(), count: z.int() }).parse(message)
    void publish(epoch, count).then(() => process.send?.('published'))
  })
  process.send?.('ready')
} else if (env.BARE_ROLE === 'email') {
  const mail = emailHandlers(createMailer(env.SMTP_URL))[orderPlaced.name]
  if (mail === undefined) throw new Error('consumer-email has no handler for orders')
  process.send?.('ready')
  await consume('bare-email', polls, 10, (events) => Promise.all(events.map(mail)))
} else {
  const prisma = createPrisma(env.DATABASE_URL, { max: concurrency })
  const { batch, batchSize = 10 } = databaseConsumer(
    'bare-db',
    createStore({ prisma, consumer: 'bare-db', writers: tableWriters, random: Math.random }),
  )
  if (batch === undefined) throw new Error('consumer-db takes no batches')
  process.send?.('ready')
  await consume('bare-db', concurrency, batchSize, batch)
}
