import type { QueueExplanation } from '#contracts/api/queues/explanation.ts'
import type { QueueMessage, QueueRow, QueueSubscription, QueuesView, TopicRow } from '#contracts/api/queues/queues.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import { placeOfArn } from './arns.ts'
import type { Explained, Overview, Peeked } from './simulator-look.ts'

/** What distinguishes the lab's own queues and topics from others. */
export interface LabNames {
  queues: ReadonlySet<string>
  topics: ReadonlySet<string>
  region: string
}

type Listed = Pick<QueuesView, 'queues' | 'topics' | 'subscriptions' | 'truncated'>

/** The simulator's look as the page lists it: names, dead-letter relations and the lab's own marked. */
export function viewOfOverview({ queues, topics, subscriptions, total, now }: Overview, lab: LabNames): Listed {
  const rows = queues.flatMap(({ oldestSentAt, ...queue }): QueueRow[] => {
    const row = queueRowView(queue, lab)
    if (row === undefined) return []
    return [oldestSentAt === undefined ? row : { ...row, oldestMs: Math.max(0, now - oldestSentAt) }]
  })
  const counts = new Map<string, number>()
  for (const { topicArn } of subscriptions) counts.set(topicArn, (counts.get(topicArn) ?? 0) + 1)
  const listed = queues.length + topics.length + subscriptions.length
  return {
    queues: withSources(rows),
    topics: topics.flatMap((topic) => topicRowView(topic, counts.get(topic.arn) ?? 0, lab) ?? []),
    subscriptions: subscriptions.map(({ createdAt, ...one }) => ({
      ...subscriptionRow(one, lab),
      ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
    })),
    truncated: listed < total.queues + total.topics + total.subscriptions,
  }
}

/** Without what the other queues say of it. Undefined if its ARN is not that of a queue. */
export function queueRowView(
  queue: { arn: string; attributes: Record<string, string>; visible: number; inFlight: number; delayed: number },
  lab: LabNames,
): QueueRow | undefined {
  const place = placeOfArn(queue.arn)
  if (place?.kind !== 'queue') return undefined
  const { name, account, region } = place
  return {
    ...queue,
    ...{ name, account, region },
    fifo: name.endsWith('.fifo'),
    lab: region === lab.region && lab.queues.has(name),
    ...redriveOf(queue.attributes.RedrivePolicy),
    deadLettersOf: [],
  }
}

/** The same rows, each with the queues whose dead letters it takes. */
export const withSources = (rows: readonly QueueRow[]): QueueRow[] =>
  rows.map((row) => ({
    ...row,
    deadLettersOf: rows.filter(({ deadLetterQueue }) => deadLetterQueue === row.arn).map(({ arn }) => arn),
  }))

export function topicRowView(
  { arn, attributes }: { arn: string; attributes: Record<string, string> },
  subscriptions: number,
  lab: LabNames,
): TopicRow | undefined {
  const place = placeOfArn(arn)
  if (place?.kind !== 'topic') return undefined
  const { name, account, region } = place
  const own = region === lab.region && lab.topics.has(name)
  return { ...{ arn, attributes, name, account, region, subscriptions }, fifo: name.endsWith('.fifo'), lab: own }
}

export function subscriptionRow(
  one: {
    arn: string
    topicArn: string
    protocol: string
    endpoint: string
    pending: boolean
    attributes: Record<string, string>
  },
  lab: LabNames,
): QueueSubscription {
  const { attributes, ...rest } = one
  const { FilterPolicy, FilterPolicyScope, RawMessageDelivery, RedrivePolicy } = attributes
  const topic = placeOfArn(one.topicArn)
  const queue = placeOfArn(one.endpoint)
  return {
    ...rest,
    lab: topic !== undefined && lab.topics.has(topic.name) && queue !== undefined && lab.queues.has(queue.name),
    raw: RawMessageDelivery === 'true',
    filterPolicyScope: FilterPolicyScope ?? 'MessageAttributes',
    ...(FilterPolicy === undefined || FilterPolicy === '' ? {} : { filterPolicy: FilterPolicy }),
    ...(RedrivePolicy === undefined || RedrivePolicy === '' ? {} : { redrivePolicy: RedrivePolicy }),
  }
}

/** The parts of a redrive policy; none if there is none. */
export function redriveOf(policy: string | undefined): { deadLetterQueue?: string; maxReceiveCount?: number } {
  if (policy === undefined || policy === '') return {}
  try {
    const { deadLetterTargetArn, maxReceiveCount } = Object(JSON.parse(policy)) as Record<string, unknown>
    if (typeof deadLetterTargetArn !== 'string') return {}
    const most = Number(maxReceiveCount)
    return { deadLetterQueue: deadLetterTargetArn, ...(Number.isInteger(most) ? { maxReceiveCount: most } : {}) }
  } catch {
    return {}
  }
}

/** A peeked message as the page shows it. */
export function queueMessageView(
  { receiveCount, sentAt, visibleAt, ...message }: Peeked['messages'][number],
  now: number,
): QueueMessage {
  const id = message.attributes.ce_id?.StringValue
  return {
    ...message,
    receives: receiveCount,
    sentAt: new Date(sentAt).toISOString(),
    visibleInMs: message.state === 'visible' ? 0 : Math.max(0, visibleAt - now),
    ...(id !== undefined && parseIdentity(id) !== undefined ? { labMessageId: id } : {}),
  }
}

/** An explanation with its times as text. */
export const explanationView = ({ steps, ...rest }: Explained): QueueExplanation => ({
  ...rest,
  steps: steps.map(({ at, ...step }) => ({ ...step, ...(at === undefined ? {} : { at: new Date(at).toISOString() }) })),
})

/** What never was published to the topic of a subscription is stopped before its policy is asked. */
export function withTopic(explained: QueueExplanation, topic: string): QueueExplanation {
  const of = placeOfArn(explained.topicArn)?.name
  if (of === topic) return explained
  const { filter: _filter, ...rest } = explained
  const text = `it was published to ${topic}, and this is a subscription of ${of}`
  return { ...rest, passes: false, steps: [{ step: 'topic', verdict: 'stops', code: 'other-topic', text }] }
}
