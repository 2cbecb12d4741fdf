import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { maxAttributes, packedHeaders } from '#contracts/events/attribute-room.ts'
import { deathHeader, readDeadLetterMetadata } from '../../dead-letter-metadata.ts'
import type { DeadLetter, DeadLetters, DiscardOutcome, RedriveOutcome, RedriveRequest } from '../../dead-letters.ts'
import { errorInfoOf } from './aws-error.ts'
import { isText, sendable } from './dead-letter-attributes.ts'
import { headersOfAttributes } from './delivery.ts'
import { createLimit } from './limit.ts'
import { findGroupQueues, type GroupQueues } from './queues.ts'
import { inGroups } from './visibility.ts'

/** Seconds that a dead letter is hidden while it is looked at: so long a reader that died keeps it. */
const lookSeconds = 30
/** Empty answers in a row that mean the end. A queue of many servers may answer empty while it holds messages. */
const emptyAnswers = 2

interface Held {
  letter: DeadLetter
  /** As the queue has them, with their types. */
  attributes: Record<string, MessageAttributeValue>
  receipt: string
}

/**
 * SQS cannot show a message without taking it, so that every look takes them all, briefly. Looks at one queue come one
 * after the other: two at a time would each see a part.
 */
export function sqsDeadLetters(sqs: SQSClient): DeadLetters {
  const turns = new Map<string, ReturnType<typeof createLimit>>()
  const inTurn = <Result>(group: string, task: (queues: GroupQueues) => Promise<Result>): Promise<Result> => {
    const turn = turns.get(group) ?? createLimit(1)
    turns.set(group, turn)
    return turn(async () => task(await findGroupQueues(sqs, group)))
  }
  return {
    list: (group, limit) =>
      inTurn(group, async ({ deadLetterUrl }) => {
        // One more than asked for shows whether there are others.
        const held = await hold(sqs, deadLetterUrl, limit + 1, () => false)
        await giveBack(sqs, deadLetterUrl, held)
        const letters = held.map(({ letter }) => letter).sort((a, b) => a.at - b.at)
        return { letters: letters.slice(0, limit), more: letters.length > limit }
      }),
    redrive: (group, requests) => inTurn(group, (queues) => redrive(sqs, queues, requests)),
    discard: (group, refs) => inTurn(group, (queues) => discard(sqs, queues, refs)),
  }
}

/** Takes dead letters until `limit` are held, none is left, or `isEnough` says so. */
async function hold(
  sqs: SQSClient,
  QueueUrl: string,
  limit: number,
  isEnough: (held: Map<string, Held>) => boolean,
): Promise<Held[]> {
  const held = new Map<string, Held>()
  let empty = 0
  try {
    while (held.size < limit && empty < emptyAnswers && !isEnough(held)) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: lookSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      })
      const { Messages = [] } = await sqs.send(command)
      empty = Messages.length === 0 ? empty + 1 : 0
      for (const message of Messages) {
        const letter = letterOf(message)
        held.set(letter.ref, {
          ...{ letter, receipt: message.ReceiptHandle ?? '', attributes: message.MessageAttributes ?? {} },
        })
      }
    }
  } catch (error) {
    await giveBack(sqs, QueueUrl, [...held.values()])
    throw error
  }
  return [...held.values()]
}

/** Best effort: what is not given back comes back by itself. */
async function giveBack(sqs: SQSClient, QueueUrl: string, held: readonly Held[]): Promise<void> {
  const requests = inGroups(held).map((group) => {
    const Entries = group.map(({ receipt }, index) => ({
      Id: String(index),
      ReceiptHandle: receipt,
      VisibilityTimeout: 0,
    }))
    return sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
  })
  await Promise.allSettled(requests)
}

async function redrive(
  sqs: SQSClient,
  { url, deadLetterUrl }: GroupQueues,
  requests: readonly RedriveRequest[],
): Promise<RedriveOutcome[]> {
  const refs = requests.map(({ ref }) => ref)
  const held = await holdThose(sqs, deadLetterUrl, refs)
  const outcomes = await Promise.all(
    requests.map(async (request): Promise<RedriveOutcome> => {
      const original = held.get(request.ref)
      if (!original) return { state: 'gone' }
      try {
        await send(sqs, url, original, request)
      } catch (error) {
        return { state: 'failed', error: errorInfoOf(error) }
      }
      try {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle: original.receipt }))
      } catch (error) {
        return { state: 'copied', error: errorInfoOf(error) }
      }
      held.delete(request.ref)
      return { state: 'redriven' }
    }),
  )
  await giveBack(sqs, deadLetterUrl, [...held.values()])
  return outcomes
}

async function discard(
  sqs: SQSClient,
  { deadLetterUrl: QueueUrl }: GroupQueues,
  refs: readonly string[],
): Promise<DiscardOutcome[]> {
  const held = await holdThose(sqs, QueueUrl, refs)
  const outcomes = await Promise.all(
    refs.map(async (ref): Promise<DiscardOutcome> => {
      const found = held.get(ref)
      if (!found) return { state: 'gone' }
      try {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.receipt }))
      } catch (error) {
        return { state: 'failed', error: errorInfoOf(error) }
      }
      held.delete(ref)
      return { state: 'discarded' }
    }),
  )
  await giveBack(sqs, QueueUrl, [...held.values()])
  return outcomes
}

/** Takes dead letters until all of `refs` are held, or none is left; with them come others, which have to be given back. */
async function holdThose(sqs: SQSClient, QueueUrl: string, refs: readonly string[]): Promise<Map<string, Held>> {
  const isEnough = (held: Map<string, Held>): boolean => refs.every((ref) => held.has(ref))
  const held = await hold(sqs, QueueUrl, Number.POSITIVE_INFINITY, isEnough)
  return new Map(held.map((one) => [one.letter.ref, one]))
}

/** Straight into the group's queue, to which no other group is bound. */
async function send(sqs: SQSClient, QueueUrl: string, original: Held, request: RedriveRequest): Promise<void> {
  const { letter, attributes } = original
  const { [deathHeader]: _, ...own } = attributes
  const headers = { ...letter.headers, ...request.headers }
  const typed = Object.entries(own).filter(
    ([name, value]) => !isText(value) && !Object.hasOwn(request.headers ?? {}, name),
  )
  const texts = Object.entries(headers).filter(([name, value]) => value !== '' && !typed.some(([one]) => one === name))
  const packed = Object.entries(packedHeaders(Object.fromEntries(texts), maxAttributes - typed.length))
  const MessageAttributes: Record<string, MessageAttributeValue> = {
    ...Object.fromEntries(typed.map(([name, value]) => [name, sendable(value)])),
    ...Object.fromEntries(packed.map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
  }
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: request.body ?? letter.body, MessageAttributes }))
}

function letterOf(message: Message): DeadLetter {
  const { [deathHeader]: death, ...original } = message.MessageAttributes ?? {}
  const note = readDeadLetterMetadata(death?.StringValue)
  return {
    ref: message.MessageId ?? '',
    body: message.Body ?? '',
    headers: headersOfAttributes(original, note?.headers),
    ...(note === undefined ? {} : { note }),
    at: note?.at ?? Number(message.Attributes?.SentTimestamp ?? 0),
  }
}
