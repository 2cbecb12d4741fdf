import { AwsError } from '../protocol/aws-error.ts'
import type { QueueSettings } from '../stores/queue-store.ts'
import { sqsLimits } from './limits.ts'
import { checkRedriveAllowPolicy, parseRedrivePolicy } from './redrive.ts'

/** Attributes with a whole number: least, most, and what holds if it is not set. */
const numbers = {
  VisibilityTimeout: { least: 0, most: sqsLimits.visibilityTimeoutSeconds, preset: 30 },
  MaximumMessageSize: { least: 1_024, most: sqsLimits.messageBytes, preset: sqsLimits.messageBytes },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, preset: 345_600 },
  DelaySeconds: { least: 0, most: sqsLimits.delaySeconds, preset: 0 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: sqsLimits.waitSeconds, preset: 0 },
} as const
type NumberName = keyof typeof numbers

/** Of FIFO queues: the values there are, the first of which holds if none is set. */
const fifoChoices: Record<string, readonly string[]> = {
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
}

/** Taken in letters of any size, kept in small ones. */
const booleans = new Set(['FifoQueue', 'ContentBasedDeduplication', 'SqsManagedSseEnabled'])

/** Whether attributes make a FIFO queue. */
export const asksForFifo = (attributes: Record<string, string>): boolean => /^true$/i.test(attributes.FifoQueue ?? '')

/** Attributes that are shown if they are set, and otherwise absent. */
const optional = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
] as const

/** What GetQueueAttributes counts and knows by itself. */
const computed = [
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
]

const known = new Set<string>([
  ...Object.keys(numbers),
  ...Object.keys(fifoChoices),
  ...optional,
  ...computed,
  'FifoQueue',
  'SqsManagedSseEnabled',
  'All',
])

export const isQueueAttributeName = (name: string): boolean => known.has(name)

const isNumberName = (name: string): name is NumberName => Object.hasOwn(numbers, name)

const numberOf = (attributes: Record<string, string>, name: NumberName): number =>
  attributes[name] === undefined ? numbers[name].preset : Number(attributes[name])

const unknownName = (name: string): AwsError => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
const invalidValue = (name: string, reason = ''): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${reason}`)

/**
 * Refuses attributes that AWS refuses to set, on a queue that is FIFO or not, and gives them back in the form in which they are kept. An
 * empty text takes an attribute away.
 */
export function checkedQueueAttributes(given: Record<string, string>, fifo: boolean): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) kept[name] = checkedValue(name, value, fifo)
  if (kept.SqsManagedSseEnabled === 'true' && (kept.KmsMasterKeyId ?? '') !== '') {
    throw new AwsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  }
  return kept
}

function checkedValue(name: string, given: string, fifo: boolean): string {
  let value = given
  if (isNumberName(name)) {
    if (value === '') return value
    const { least, most } = numbers[name]
    if (!/^\d{1,10}$/.test(value) || Number(value) < least || Number(value) > most) {
      throw invalidValue(name)
    }
    return String(Number(value))
  }
  if (booleans.has(name)) value = value.toLowerCase()
  if (name === 'FifoQueue') {
    if (!fifo) throw unknownName(name)
    if (value !== 'true') throw invalidValue(name, ' Reason: Modifying queue type is not supported.')
    return value
  }
  const choices = Object.hasOwn(fifoChoices, name) ? fifoChoices[name] : undefined
  if (choices !== undefined) {
    if (!fifo && name === 'ContentBasedDeduplication') throw unknownName(name)
    if (!fifo) {
      throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
    }
    if (!choices.includes(value)) throw invalidValue(name)
    return value
  }
  if (name === 'RedrivePolicy') {
    const policy = parseRedrivePolicy(value)
    if (policy === undefined) return ''
    return JSON.stringify({ deadLetterTargetArn: policy.target, maxReceiveCount: policy.maxReceiveCount })
  }
  if (name === 'RedriveAllowPolicy') checkRedriveAllowPolicy(value)
  else if (name === 'SqsManagedSseEnabled') {
    if (value !== 'true' && value !== 'false') throw invalidValue(name)
  } else if (name === 'KmsDataKeyReusePeriodSeconds') {
    if (!/^\d{1,10}$/.test(value) || Number(value) < 60 || Number(value) > 86_400) throw invalidValue(name)
  } else if (name === 'Policy') checkPolicy(value)
  else if (name !== 'KmsMasterKeyId') throw unknownName(name)
  return value
}

function checkPolicy(text: string): void {
  if (text === '') return
  try {
    const policy: unknown = JSON.parse(text)
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return
  } catch {}
  throw invalidValue('Policy')
}

/** Refuses what attributes may not be together. */
export function checkTogether(attributes: Record<string, string>): void {
  if (attributes.FifoThroughputLimit === 'perMessageGroupId' && attributes.DeduplicationScope !== 'messageGroup') {
    throw new AwsError(
      'InvalidAttributeValue',
      'The perMessageGroupId value for FifoThroughputLimit is allowed only when the value for DeduplicationScope is messageGroup.',
    )
  }
}

/** Merges what is set with what was; an empty text takes an attribute away. The two kinds of encryption exclude each other. */
export function mergeAttributes(
  before: Record<string, string>,
  changes: Record<string, string>,
): Record<string, string> {
  const merged = Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''))
  if ((changes.KmsMasterKeyId ?? '') !== '') merged.SqsManagedSseEnabled = 'false'
  else if (changes.SqsManagedSseEnabled === 'true') {
    delete merged.KmsMasterKeyId
    delete merged.KmsDataKeyReusePeriodSeconds
  }
  return merged
}

export function settingsOf(attributes: Record<string, string>): QueueSettings {
  const redrive = parseRedrivePolicy(attributes.RedrivePolicy ?? '')
  const fifo = attributes.FifoQueue === 'true'
  return {
    visibilityTimeoutMs: numberOf(attributes, 'VisibilityTimeout') * 1000,
    delayMs: numberOf(attributes, 'DelaySeconds') * 1000,
    retentionMs: numberOf(attributes, 'MessageRetentionPeriod') * 1000,
    receiveWaitMs: numberOf(attributes, 'ReceiveMessageWaitTimeSeconds') * 1000,
    maximumMessageBytes: numberOf(attributes, 'MaximumMessageSize'),
    ...(redrive === undefined
      ? {}
      : { redrive: { deadLetterQueue: redrive.target, maxReceiveCount: redrive.maxReceiveCount } }),
    ...(fifo
      ? { fifo: { deduplicatesWithin: attributes.DeduplicationScope === 'messageGroup' ? 'group' : 'queue' } }
      : {}),
  }
}

/** In seconds; shown of queues with a key of KMS only. */
const defaultKeyReuse = '300'

/** What GetQueueAttributes shows of the settings, defaults included. */
export function shownAttributes(attributes: Record<string, string>): Record<string, string> {
  const presets = Object.entries(numbers).map(([name, { preset }]) => [name, String(preset)])
  const fifo =
    attributes.FifoQueue === 'true' ? Object.entries(fifoChoices).map(([name, [preset]]) => [name, preset]) : []
  const { KmsDataKeyReusePeriodSeconds: reuse = defaultKeyReuse, ...others } = attributes
  return {
    ...Object.fromEntries([...presets, ...fifo]),
    SqsManagedSseEnabled: 'true',
    ...others,
    ...(others.KmsMasterKeyId === undefined ? {} : { KmsDataKeyReusePeriodSeconds: reuse }),
  }
}
