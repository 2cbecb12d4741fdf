import type { QueueMessage, QueueRow, QueueSubscription, QueuesView, TopicRow } from '#contracts/api/queues/queues.ts'
import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'

/** Messages of a queue: those that wait, are in flight and are delayed. */
export const depthOf = ({ visible, inFlight, delayed }: Pick<QueueRow, 'visible' | 'inFlight' | 'delayed'>): number =>
  visible + inFlight + delayed

export interface Rail {
  topics: TopicRow[]
  queues: QueueRow[]
  deadLetters: QueueRow[]
  subscriptions: QueueSubscription[]
}

/** What the list at the left shows: of each kind those whose name or ARN has every word that was typed. */
export function railOf({ topics, queues, subscriptions }: QueuesView, typed: string): Rail {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (...texts: string[]) => words.every((word) => texts.some((text) => text.toLowerCase().includes(word)))
  const shown = queues.filter(({ arn }) => fits(arn))
  return {
    topics: topics.filter(({ arn }) => fits(arn)),
    queues: shown.filter(({ deadLettersOf }) => deadLettersOf.length === 0),
    deadLetters: shown.filter(({ deadLettersOf }) => deadLettersOf.length > 0),
    subscriptions: subscriptions.filter(({ arn, endpoint }) => fits(arn, endpoint)),
  }
}

/** Whether there is more than one account or region, so that a name alone does not say which is meant. */
export const hasManyPlaces = ({ queues, topics }: QueuesView): boolean =>
  new Set([...queues, ...topics].map(({ account, region }) => `${account} ${region}`)).size > 1

/** Keys of a filter policy at its top; undefined if there is no policy. */
export function policyKeysOf(policy: string | undefined): number | undefined {
  if (policy === undefined || policy === '' || policy === '{}') return undefined
  try {
    return Object.keys(Object(JSON.parse(policy))).length
  } catch {
    return undefined
  }
}

/** The shape and colour of a message's state in its queue. */
export const messageStates: Record<QueueMessage['state'], { tone: Tone; glyph: GlyphName; word: string }> = {
  visible: { tone: 'in-flight', glyph: 'waiting', word: 'visible' },
  'in-flight': { tone: 'in-flight', glyph: 'handling', word: 'in flight' },
  delayed: { tone: 'retrying', glyph: 'retrying', word: 'delayed' },
}

const units: Record<string, string> = {
  VisibilityTimeout: 's',
  DelaySeconds: 's',
  ReceiveMessageWaitTimeSeconds: 's',
  KmsDataKeyReusePeriodSeconds: 's',
  MessageRetentionPeriod: 's',
  MaximumMessageSize: 'bytes',
}

/** An attribute as a person reads it: `4 days` for a retention, figures with separators and units. */
export function attributeWords(name: string, value: string): string {
  const unit = units[name]
  const figure = Number(value)
  if (unit === undefined || !Number.isFinite(figure)) return value
  if (unit === 's' && figure >= 86_400 && figure % 86_400 === 0) {
    return figure === 86_400 ? '1 day' : `${figure / 86_400} days`
  }
  return `${figure.toLocaleString('en-US')} ${unit}`
}

/** Attributes that can be changed, in the order of the form; `long` are JSON texts. */
export const editable = {
  queue: [
    'VisibilityTimeout',
    'ReceiveMessageWaitTimeSeconds',
    'MessageRetentionPeriod',
    'MaximumMessageSize',
    'DelaySeconds',
  ],
  fifo: ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'],
  long: ['RedrivePolicy', 'RedriveAllowPolicy', 'Policy'],
  topic: ['DisplayName', 'SignatureVersion', 'TracingConfig'],
  topicLong: ['Policy', 'DeliveryPolicy'],
  subscription: ['RawMessageDelivery', 'FilterPolicyScope'],
  subscriptionLong: ['FilterPolicy', 'RedrivePolicy'],
} as const

/** Of a form, the attributes that are not what they were. */
export const changesOf = (before: Record<string, string>, form: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(form).filter(([name, value]) => value !== (before[name] ?? '')))

/** Tags, one `key=value` a line. */
export const tagLines = (tags: Record<string, string>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')

export const tagsOf = (lines: string): Record<string, string> =>
  Object.fromEntries(
    lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=')
        return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
      }),
  )

/** Message attributes of a form: a JSON object of texts and numbers, with all their digits, or of AWS's own shape. A string says what is wrong. */
export function attributesIn(text: string): Record<string, { DataType: string; StringValue?: string }> | string {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = parseExact(text)
  } catch {
    return 'is not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactJson)
    return 'must be an object of names and values'
  const found: Record<string, { DataType: string; StringValue?: string }> = {}
  for (const [name, one] of Object.entries(value)) {
    if (typeof one === 'string') found[name] = { DataType: 'String', StringValue: one }
    else if (typeof one === 'number' || one instanceof ExactJson)
      found[name] = { DataType: 'Number', StringValue: String(one) }
    else if (Array.isArray(one)) found[name] = { DataType: 'String.Array', StringValue: writeJson(one) }
    else if (typeof one === 'object' && one !== null && 'DataType' in one) found[name] = one as { DataType: string }
    else return `${name} must be a text, a number, a list, or have a DataType`
  }
  return found
}
