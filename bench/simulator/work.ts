import type { RawClient } from './raw-client.ts'

/** A queue of one timed repetition, on one simulator. */
export interface BenchQueue {
  client: RawClient
  url: string
  body: string
  /** What a FIFO queue wants of each message beside its body: one of a hundred groups, an id. */
  idsOf: (index: number) => object
}

let queues = 0

const groups = 100

export async function newQueue(client: RawClient, bodyBytes: number, fifo = false): Promise<BenchQueue> {
  queues += 1
  const { QueueUrl } = await client.call('CreateQueue', {
    QueueName: `bench-${process.pid}-${queues}${fifo ? '.fifo' : ''}`,
    Attributes: { VisibilityTimeout: '600', ...(fifo ? { FifoQueue: 'true' } : {}) },
  })
  const idsOf = (index: number) =>
    fifo ? { MessageGroupId: `g${index % groups}`, MessageDeduplicationId: String(index) } : {}
  return { client, url: String(QueueUrl), body: 'x'.repeat(bodyBytes), idsOf }
}

export const removeQueue = ({ client, url }: BenchQueue) => client.call('DeleteQueue', { QueueUrl: url })

/** Messages that the queue says it holds. */
export async function held({ client, url }: BenchQueue): Promise<number> {
  const { Attributes } = await client.call('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] })
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes as Record<
    string,
    string
  >
  return Number(visible) + Number(hidden)
}

export async function expectHeld(queue: BenchQueue, count: number): Promise<void> {
  const found = await held(queue)
  if (found !== count) throw new Error(`void: the queue holds ${found} messages, not ${count}`)
}

/** Shares `count` turns among the connections of the queue's client. */
async function shared(
  queue: BenchQueue,
  count: number,
  turn: (call: RawClient['call'], index: number) => Promise<void>,
) {
  let next = 0
  await queue.client.together(async (call) => {
    while (next < count) await turn(call, next++)
  })
}

export const send = (queue: BenchQueue, count: number) =>
  shared(queue, count, async (call, index) => {
    await call('SendMessage', { QueueUrl: queue.url, MessageBody: `${index} ${queue.body}`, ...queue.idsOf(index) })
  })

export const sendBatches = (queue: BenchQueue, count: number) =>
  shared(queue, count / 10, async (call, batch) => {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `e${index}`,
      MessageBody: `${batch * 10 + index} ${queue.body}`,
    }))
    const { Successful } = await call('SendMessageBatch', { QueueUrl: queue.url, Entries })
    if ((Successful as unknown[]).length !== 10) throw new Error('void: a batch was not taken whole')
  })

interface Received {
  MessageId: string
  ReceiptHandle: string
}

/** Receives ten at a time and deletes them until `count` distinct messages are gone. */
export async function drain(queue: BenchQueue, count: number): Promise<void> {
  const seen = new Set<string>()
  await queue.client.together(async (call) => {
    while (seen.size < count) {
      const { Messages = [] } = (await call('ReceiveMessage', { QueueUrl: queue.url, MaxNumberOfMessages: 10 })) as {
        Messages?: Received[]
      }
      if (Messages.length === 0) return
      for (const { MessageId } of Messages) {
        if (seen.has(MessageId)) throw new Error(`void: ${MessageId} was received twice`)
        seen.add(MessageId)
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `e${index}`, ReceiptHandle }))
      const { Successful } = await call('DeleteMessageBatch', { QueueUrl: queue.url, Entries })
      if ((Successful as unknown[]).length !== Messages.length) throw new Error('void: a batch was not deleted whole')
    }
  })
  if (seen.size !== count) throw new Error(`void: ${seen.size} of ${count} messages were received`)
}

/** Sends one, receives one, deletes it. */
export const cycle = (queue: BenchQueue, count: number) =>
  shared(queue, count, async (call, index) => {
    await call('SendMessage', { QueueUrl: queue.url, MessageBody: `${index} ${queue.body}`, ...queue.idsOf(index) })
    const { Messages = [] } = (await call('ReceiveMessage', { QueueUrl: queue.url })) as { Messages?: Received[] }
    const [message] = Messages
    if (message === undefined) throw new Error('void: nothing to receive although something was sent')
    await call('DeleteMessage', { QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle })
  })
