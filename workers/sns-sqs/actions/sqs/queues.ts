import { AwsError } from '../../protocol/aws-error.ts'
import { optionalInteger, optionalText, text, textMap, texts } from '../../protocol/fields.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import { isQueueName, queueArn, queueUrl } from '../../semantics/names.ts'
import {
  checkQueueAttributes,
  isQueueAttributeName,
  mergeAttributes,
  refuseFifo,
  settingsOf,
  shownAttributes,
} from '../../semantics/queue-attributes.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, noSuchQueue, queueOf } from '../action.ts'

const createQueue: Action = async (input, { store, clock }, { host, region }) => {
  const name = text(input, 'QueueName')
  if (name.endsWith('.fifo')) refuseFifo(name)
  if (!isQueueName(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
  const attributes = textMap(input, 'Attributes')
  checkQueueAttributes(attributes)
  const tags = textMap(input, 'tags')
  await store.declare(({ queues }) => {
    const known = queues.get(name)
    if (known !== undefined) {
      refuseDifference(known, attributes)
      return { changes: [], result: undefined }
    }
    const now = clock()
    const set = mergeAttributes({}, attributes)
    const queue: QueueDefinition = {
      name,
      arn: queueArn(region, name),
      createdAt: now,
      modifiedAt: now,
      settings: settingsOf(set),
      attributes: set,
      tags,
    }
    return { changes: [{ put: 'queue', queue }], result: undefined }
  })
  return { QueueUrl: queueUrl(host, name) }
}

/** Creating a queue again is no error while the attributes that are named have the values that they have. */
function refuseDifference(known: QueueDefinition, attributes: Record<string, string>): void {
  const shown = shownAttributes(known.attributes)
  const name = Object.keys(attributes).find((one) => (shown[one] ?? '') !== attributes[one])
  if (name === undefined) return
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${name}`,
  )
}

const getQueueUrl: Action = async (input, { store }, { host }) => {
  const name = text(input, 'QueueName')
  if (!(await store.declarations()).queues.has(name)) throw noSuchQueue()
  return { QueueUrl: queueUrl(host, name) }
}

const listQueues: Action = async (input, { store }, { host }) => {
  const prefix = optionalText(input, 'QueueNamePrefix') ?? ''
  const limit = optionalInteger(input, 'MaxResults', 1, 1000)
  const after = optionalText(input, 'NextToken') ?? ''
  const names = [...(await store.declarations()).queues.keys()]
    .filter((name) => name.startsWith(prefix) && name > after)
    .sort()
  const shown = names.slice(0, limit ?? 1000)
  const last = shown.at(-1)
  const more = limit !== undefined && last !== undefined && names.length > shown.length
  return {
    ...(shown.length === 0 ? {} : { QueueUrls: shown.map((name) => queueUrl(host, name)) }),
    ...(more ? { NextToken: last } : {}),
  }
}

const deleteQueue: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  await services.store.declare(() => ({ changes: [{ remove: 'queue', name }], result: undefined }))
  return {}
}

const setQueueAttributes: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const changes = textMap(input, 'Attributes')
  checkQueueAttributes(changes)
  await services.store.declare(({ queues }) => {
    const queue = queues.get(name)
    if (queue === undefined) throw noSuchQueue()
    const attributes = mergeAttributes(queue.attributes, changes)
    const changed = { ...queue, attributes, settings: settingsOf(attributes), modifiedAt: services.clock() }
    return { changes: [{ put: 'queue', queue: changed }], result: undefined }
  })
  return {}
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000))

const getQueueAttributes: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const names = texts(input, 'AttributeNames')
  const counts = await services.store.counts(queue.name)
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    ...shownAttributes(queue.attributes),
  }
  if (names.includes('All')) return { Attributes: all }
  const unknown = names.find((name) => !Object.hasOwn(all, name) && !isQueueAttributeName(name))
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`)
  const shown = names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]])
  return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }
}

const listDeadLetterSourceQueues: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const { queues } = await services.store.declarations()
  const sources = [...queues.values()].filter(({ settings }) => settings.redrive?.deadLetterQueue === queue.name)
  return { queueUrls: sources.map(({ name }) => queueUrl(call.host, name)) }
}

/** When each queue was last purged, by name and per store. */
const purges = new WeakMap<object, Map<string, number>>()

const purgeQueue: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const now = services.clock()
  const times = purges.get(services.store) ?? new Map<string, number>()
  purges.set(services.store, times)
  const last = times.get(name)
  if (last !== undefined && now - last < sqsLimits.purgeEveryMs) {
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${name} is allowed every ${sqsLimits.purgeEveryMs / 1000} seconds.`,
    )
  }
  times.set(name, now)
  await services.store.purge(name)
  return {}
}

/** Forgets when queues were purged, for a reset. */
export const forgetPurges = (store: object): void => void purges.delete(store)

export const sqsQueueActions: Record<string, Action> = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  DeleteQueue: deleteQueue,
  SetQueueAttributes: setQueueAttributes,
  GetQueueAttributes: getQueueAttributes,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  PurgeQueue: purgeQueue,
}
