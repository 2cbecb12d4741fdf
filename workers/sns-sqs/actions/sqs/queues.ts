import { AwsError } from '../../protocol/aws-error.ts'
import { optionalText, text, textMap, texts } from '../../protocol/fields.ts'
import { sqsLimits } from '../../semantics/limits.ts'
import { isFifoName, isQueueName, nameOfArn, queueArn } from '../../semantics/names.ts'
import {
  asksForFifo,
  checkedQueueAttributes,
  checkTogether,
  isQueueAttributeName,
  mergeAttributes,
  settingsOf,
  shownAttributes,
} from '../../semantics/queue-attributes.ts'
import { checkRedriveTarget, parseRedrivePolicy } from '../../semantics/redrive.ts'
import { checkTags } from '../../semantics/tags.ts'
import { spreading } from '../../stores/deduplication-scope.ts'
import type { DeclarationChange, Declarations, QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, noSuchQueue, queueOf } from '../action.ts'
import { forgottenDeletions, refuseDeletedRecently } from './deleted-queues.ts'
import { pageSize, sqsPage } from './pages.ts'
import { isAt, localQueueUrlOf } from './queue-urls.ts'

const createQueue: Action = async (input, { store, clock, recreateAfterMs }, call) => {
  const name = text(input, 'QueueName')
  const given = textMap(input, 'Attributes')
  const fifo = asksForFifo(given)
  checkName(name, fifo)
  const attributes = checkedQueueAttributes(given, fifo)
  const tags = textMap(input, 'tags')
  checkTags(tags, 'SQS', name)
  const arn = queueArn(call.region, call.account, name)
  const queue = await store.declare((declared) => {
    const known = declared.queues.get(arn)
    if (known !== undefined) {
      refuseDifference(known, attributes)
      return { changes: [], result: known }
    }
    const now = clock.now()
    refuseDeletedRecently(declared, arn, now, recreateAfterMs)
    checkTogether(attributes)
    checkTarget(attributes.RedrivePolicy, { arn, fifo }, declared)
    const set = mergeAttributes({}, attributes)
    const made: QueueDefinition = {
      name: arn,
      arn,
      createdAt: now,
      modifiedAt: now,
      settings: settingsOf(set),
      attributes: set,
      tags,
    }
    return { changes: [{ put: 'queue', queue: made }], result: made }
  })
  return { QueueUrl: localQueueUrlOf(queue, call) }
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !(isFifoName(name) && isQueueName(name))) {
    throw new AwsError(
      'InvalidParameterValue',
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    )
  }
  if (!fifo && (isFifoName(name) || !isQueueName(name))) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
}

function checkTarget(policy: string | undefined, source: { arn: string; fifo: boolean }, declared: Declarations): void {
  const parsed = parseRedrivePolicy(policy ?? '')
  if (policy === undefined || parsed === undefined) return
  const target = declared.queues.get(parsed.target)
  const found =
    target === undefined
      ? undefined
      : { fifo: target.settings.fifo !== undefined, allowed: target.attributes.RedriveAllowPolicy ?? '' }
  checkRedriveTarget(policy, source, parsed.target === source.arn ? { fifo: source.fifo, allowed: '' } : found)
}

/** Creating a queue again is not an error while the attributes that are named have the values that they have. */
function refuseDifference(known: QueueDefinition, attributes: Record<string, string>): void {
  const shown = shownAttributes(known.attributes)
  const name = Object.keys(attributes).find((one) => (shown[one] ?? '') !== attributes[one])
  if (name === undefined) return
  throw new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${name}`,
  )
}

const getQueueUrl: Action = async (input, { store }, call) => {
  const name = text(input, 'QueueName')
  if (!isQueueName(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
  const owner = optionalText(input, 'QueueOwnerAWSAccountId') ?? call.account
  const queue = (await store.declarations()).queues.get(queueArn(call.region, owner, name))
  if (queue === undefined) throw noSuchQueue()
  return { QueueUrl: localQueueUrlOf(queue, call) }
}

const listQueues: Action = async (input, { store }, call) => {
  const prefix = optionalText(input, 'QueueNamePrefix') ?? ''
  const { queues } = await store.declarations()
  const here = [...queues.values()].filter((queue) => isAt(queue, call) && nameOfArn(queue.arn).startsWith(prefix))
  const { items, next } = sqsPage(here, ({ arn }) => nameOfArn(arn), pageSize(input), optionalText(input, 'NextToken'))
  return {
    ...(items.length === 0 ? {} : { QueueUrls: items.map((queue) => localQueueUrlOf(queue, call)) }),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}

const deleteQueue: Action = async (input, services, call) => {
  const { name, arn } = await queueOf(input, services, call)
  await services.store.declare((declared) => {
    const at = services.clock.now()
    const changes: DeclarationChange[] = [
      { remove: 'queue', name },
      ...forgottenDeletions(declared, at, services.recreateAfterMs),
    ]
    if (services.recreateAfterMs > 0) {
      changes.push({ put: 'record', record: { kind: 'deleted-queue', id: arn, value: String(at) } })
    }
    return { changes, result: undefined }
  })
  return {}
}

const setQueueAttributes: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const given = textMap(input, 'Attributes')
  if (Object.keys(given).length === 0) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter Attribute.Name.')
  }
  await services.store.declare((declared) => {
    const queue = declared.queues.get(name)
    if (queue === undefined) throw noSuchQueue()
    const fifo = queue.settings.fifo !== undefined
    const changes = checkedQueueAttributes(given, fifo)
    const attributes = mergeAttributes(queue.attributes, changes)
    checkTogether(attributes)
    checkTarget(changes.RedrivePolicy || undefined, { arn: queue.arn, fifo }, declared)
    return {
      changes: [{ put: 'queue', queue: withAttributes(queue, attributes, services.clock.now()) }],
      result: undefined,
    }
  })
  return {}
}

export const withAttributes = (
  queue: QueueDefinition,
  attributes: Record<string, string>,
  modifiedAt: number,
): QueueDefinition => {
  const settings = settingsOf(attributes)
  const before = queue.settings.fifo
  if (before !== undefined && settings.fifo !== undefined) {
    settings.fifo = spreading(before, settings.fifo, modifiedAt)
  }
  return { ...queue, attributes, settings, modifiedAt }
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000))

const getQueueAttributes: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const names = texts(input, 'AttributeNames')
  const unknown = names.find((name) => !isQueueAttributeName(name))
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`)
  if (names.length === 0) return {}
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
  const shown = names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]])
  return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }
}

const listDeadLetterSourceQueues: Action = async (input, services, call) => {
  const queue = await queueOf(input, services, call)
  const { queues } = await services.store.declarations()
  const sources = [...queues.values()].filter(({ settings }) => settings.redrive?.deadLetterQueue === queue.name)
  const { items, next } = sqsPage(
    sources,
    ({ arn }) => nameOfArn(arn),
    pageSize(input),
    optionalText(input, 'NextToken'),
  )
  return {
    queueUrls: items.map((one) => localQueueUrlOf(one, call)),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}

/** When each queue was last purged, by name and per store. */
const purges = new WeakMap<object, Map<string, number>>()
const maximumPurges = 1_000

const purgeQueue: Action = async (input, services, call) => {
  const { name, arn } = await queueOf(input, services, call)
  const now = services.clock.now()
  const times = purges.get(services.store) ?? new Map<string, number>()
  purges.set(services.store, times)
  const last = times.get(name)
  if (last !== undefined && now - last < sqsLimits.purgeEveryMs) {
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${nameOfArn(arn)} is allowed every ${sqsLimits.purgeEveryMs / 1000} seconds.`,
    )
  }
  if (times.size >= maximumPurges) {
    for (const [one, at] of times) if (now - at >= sqsLimits.purgeEveryMs) times.delete(one)
  }
  times.set(name, now)
  await services.store.purge(name)
  return {}
}

/** When a queue was purged last, as far as it is remembered, on the clock of the simulator. */
export const lastPurgeOf = (store: object, name: string): number | undefined => purges.get(store)?.get(name)

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
