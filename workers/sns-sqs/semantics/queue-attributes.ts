import { AwsError } from '../protocol/aws-error.ts'
import type { QueueSettings } from '../stores/queue-store.ts'
import { sqsLimits } from './limits.ts'
import { queueNameOfArn } from './names.ts'

/** Attributes with a whole number: least, most, and what holds where it is not set. */
const numbers = {
  VisibilityTimeout: { least: 0, most: sqsLimits.visibilityTimeoutSeconds, preset: 30 },
  DelaySeconds: { least: 0, most: sqsLimits.delaySeconds, preset: 0 },
  MaximumMessageSize: { least: 1_024, most: sqsLimits.messageBytes, preset: sqsLimits.messageBytes },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, preset: 345_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: sqsLimits.waitSeconds, preset: 0 },
} as const
type NumberName = keyof typeof numbers

/** Kept and shown, without an effect here: encryption and access are not simulated. */
const inert = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
])

const isNumberName = (name: string): name is NumberName => Object.hasOwn(numbers, name)

const numberOf = (attributes: Record<string, string>, name: NumberName): number =>
  attributes[name] === undefined ? numbers[name].preset : Number(attributes[name])

/**
 * Refuses attributes that AWS refuses. An empty RedrivePolicy or Policy takes the attribute away, which is why the
 * result is what is to be merged.
 */
export function checkQueueAttributes(attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (isNumberName(name)) checkNumber(name, value)
    else if (name === 'RedrivePolicy') parseRedrivePolicy(value)
    else if (name === 'FifoQueue' || name === 'ContentBasedDeduplication' || name === 'DeduplicationScope')
      refuseFifo(name)
    else if (!inert.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
  }
}

/** FIFO queues are not simulated yet; saying so beats a standard queue under a FIFO name. */
export function refuseFifo(what: string): never {
  throw new AwsError('UnsupportedOperation', `${what}: FIFO queues and topics are not supported by this simulator yet.`)
}

/** Merges what is set with what was; an empty text takes an attribute away. */
export function mergeAttributes(
  before: Record<string, string>,
  changes: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== ''))
}

export function settingsOf(attributes: Record<string, string>): QueueSettings {
  const redrive = parseRedrivePolicy(attributes.RedrivePolicy ?? '')
  return {
    visibilityTimeoutMs: numberOf(attributes, 'VisibilityTimeout') * 1000,
    delayMs: numberOf(attributes, 'DelaySeconds') * 1000,
    retentionMs: numberOf(attributes, 'MessageRetentionPeriod') * 1000,
    receiveWaitMs: numberOf(attributes, 'ReceiveMessageWaitTimeSeconds') * 1000,
    maximumMessageBytes: numberOf(attributes, 'MaximumMessageSize'),
    ...(redrive === undefined ? {} : { redrive }),
    ...(attributes.FifoQueue === 'true'
      ? { fifo: { deduplicatesWithin: attributes.DeduplicationScope === 'messageGroup' ? 'group' : 'queue' } }
      : {}),
  }
}

/** What GetQueueAttributes shows of the settings, defaults included. */
export function shownAttributes(attributes: Record<string, string>): Record<string, string> {
  const presets = Object.entries(numbers).map(([name, { preset }]) => [name, String(preset)])
  return { ...Object.fromEntries(presets), SqsManagedSseEnabled: 'true', ...attributes }
}

export const isQueueAttributeName = (name: string): boolean =>
  isNumberName(name) || inert.has(name) || name === 'RedrivePolicy'

function checkNumber(name: NumberName, value: string): void {
  const { least, most } = numbers[name]
  const number = Number(value)
  if (/^\d{1,10}$/.test(value) && number >= least && number <= most) return
  throw new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}. Reason: Must be an integer between ${least} and ${most}, not ${JSON.stringify(value)}.`,
  )
}

/** Undefined for the empty text, which means none. */
function parseRedrivePolicy(text: string): QueueSettings['redrive'] {
  if (text === '') return undefined
  const refuse = (reason: string): never => {
    throw new AwsError(
      'InvalidAttributeValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    )
  }
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    return refuse('Redrive policy is not a valid JSON map.')
  }
  const { deadLetterTargetArn, maxReceiveCount } = Object(policy) as Record<string, unknown>
  const deadLetterQueue = typeof deadLetterTargetArn === 'string' ? queueNameOfArn(deadLetterTargetArn) : undefined
  if (deadLetterQueue === undefined) return refuse('deadLetterTargetArn must be the ARN of a queue of this account.')
  const most = Number(maxReceiveCount)
  if (!Number.isInteger(most) || most < 1 || most > 1000) {
    return refuse(
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    )
  }
  return { deadLetterQueue: String(deadLetterTargetArn), maxReceiveCount: most }
}
