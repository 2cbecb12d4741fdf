import type { ActionServices } from '../actions/action.ts'
import type { Reply } from '../protocol/reply.ts'
import type { Caller } from '../semantics/caller.ts'
import { sqsLimits } from '../semantics/limits.ts'
import { parseQueueArn, queueArn } from '../semantics/names.ts'
import { type QueueDefinition, UnknownQueue } from '../stores/queue-store.ts'
import { json, maximumPeek, wholeNumberField } from './own-request.ts'

/** Queues, topics and subscriptions, of each kind, that one look lists. */
const maximumListed = 1_000

/** All that is declared, of every account and region, in the order of names: attributes as they were set, and exact counts of each queue. */
export async function overview({ store, clock }: ActionServices): Promise<Reply> {
  const { queues, topics, subscriptions } = await store.declarations()
  const own = [...queues.values()].filter(({ arn }) => parseQueueArn(arn) !== undefined)
  const listed = byArn(own).slice(0, maximumListed)
  const counted = await Promise.all(
    listed.map(async (queue) => {
      const counts = await countsOf(queue, store)
      return counts === undefined ? [] : [{ ...shown(queue), ...counts }]
    }),
  )
  return json(200, {
    now: clock.now(),
    queues: counted.flat(),
    topics: byArn([...topics.values()]).slice(0, maximumListed),
    subscriptions: byArn([...subscriptions.values()])
      .slice(0, maximumListed)
      .map(({ arn, topicArn, protocol, endpoint, attributes, pendingToken, createdAt }) => ({
        ...{ arn, topicArn, protocol, endpoint, attributes, createdAt },
        pending: pendingToken !== undefined,
      })),
    total: { queues: own.length, topics: topics.size, subscriptions: subscriptions.size },
  })
}

const byArn = <T extends { arn: string }>(items: T[]): T[] => items.sort((a, b) => (a.arn < b.arn ? -1 : 1))

const shown = ({ arn, attributes, tags, createdAt, settings }: QueueDefinition) => ({
  ...{ arn, attributes, tags, createdAt },
  retentionMs: settings.retentionMs,
})

/** Undefined if the queue was deleted a moment ago. */
async function countsOf({ name }: QueueDefinition, store: ActionServices['store']) {
  try {
    const { visible, inFlight, delayed, oldestSentAt } = await store.counts(name)
    return { visible, inFlight, delayed, ...(oldestSentAt === undefined ? {} : { oldestSentAt }) }
  } catch (error) {
    if (error instanceof UnknownQueue) return undefined
    throw error
  }
}

/** The messages of a queue, the oldest first, and its counts. Nothing is touched. */
export async function peek(
  name: string,
  parameters: URLSearchParams,
  caller: Caller,
  services: ActionServices,
): Promise<Reply> {
  const limit = wholeNumberField(parameters, 'limit', 100, 1, maximumPeek)
  const offset = wholeNumberField(parameters, 'offset', 0, 0, maximumPeek)
  const characters = wholeNumberField(parameters, 'body', sqsLimits.messageBytes, 0, sqsLimits.messageBytes)
  if (typeof limit !== 'number') return limit
  if (typeof offset !== 'number') return offset
  if (typeof characters !== 'number') return characters
  const { store } = services
  const [region, account] = [parameters.get('region'), parameters.get('account')]
  const arn = await onlyOne(name, queueArn(region ?? caller.region, account ?? caller.account, name), services)
  try {
    const [messages, counts] = await Promise.all([store.peek(arn, offset + limit), store.counts(arn)])
    const page = messages.slice(offset).map(({ message, state, visibleAt, receiveCount, deadLetterSource }) => ({
      messageId: message.id,
      state,
      receiveCount,
      sentAt: message.sentAt,
      visibleAt,
      body: message.body.slice(0, characters),
      ...(message.body.length > characters ? { bodyCharacters: message.body.length } : {}),
      attributes: message.attributes === '' ? {} : JSON.parse(message.attributes),
      ...(message.groupId === '' ? {} : { groupId: message.groupId }),
      ...(message.deduplicationId === '' ? {} : { deduplicationId: message.deduplicationId }),
      ...(deadLetterSource === '' ? {} : { deadLetterSource }),
    }))
    return json(200, { queue: name, now: services.clock.now(), counts, messages: page })
  } catch (error) {
    if (error instanceof UnknownQueue) return json(404, { error: `no queue is named ${name}` })
    throw error
  }
}

/** A queue is found by its name alone where no other region or account has one of that name. */
async function onlyOne(name: string, arn: string, { store }: ActionServices): Promise<string> {
  const { queues } = await store.declarations()
  if (queues.has(arn)) return arn
  const found = [...queues.keys()].filter((one) => parseQueueArn(one)?.name === name)
  return found.length === 1 ? (found[0] ?? arn) : arn
}
