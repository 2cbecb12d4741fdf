import { type ArchiveReplay, archiveDays } from '../../semantics/archive-policy.ts'
import { hiddenQueue } from '../../semantics/hidden-queue.ts'
import type { MessageAttributes } from '../../semantics/message-attributes.ts'
import { restoredPublication } from '../../semantics/publication.ts'
import { filterOf } from '../../semantics/subscription-attributes.ts'
import type {
  DeclarationChange,
  Declarations,
  NewMessage,
  SubscriptionDefinition,
  TopicDefinition,
} from '../../stores/queue-store.ts'
import type { ActionServices, Call } from '../action.ts'
import { queueMessageOf } from './queue-message.ts'
import type { Published } from './repeated.ts'

/**
 * What FIFO topics with an ArchivePolicy have published, each topic's in a queue of the store that no client can name, so that it lasts
 * as long as everything else and repetitions are not archived.
 */

/** The name of a topic's archive. */
export const archiveOf = (topicArn: string): string => `archive ${topicArn}`

const dayMs = 86_400_000

/** What has to change among the queues so that the archive is as the topic's policy says. */
export function archiveChanges(
  { queues }: Declarations,
  { arn, attributes }: TopicDefinition,
  now: number,
): DeclarationChange[] {
  const days = archiveDays(attributes.ArchivePolicy)
  const name = archiveOf(arn)
  const known = queues.get(name)
  if (days === undefined) return known === undefined ? [] : [{ remove: 'queue', name }]
  const retentionMs = days * dayMs
  if (known?.settings.retentionMs === retentionMs) return []
  const made = hiddenQueue(name, retentionMs, now)
  const queue = known === undefined ? made : { ...known, settings: made.settings, modifiedAt: now }
  return [{ put: 'queue', queue }]
}

/** The earliest moment from which a topic can be replayed, in AWS's form; undefined if it keeps nothing. */
export function beginningOf({ queues }: Declarations, topicArn: string, now: number): string | undefined {
  const archive = queues.get(archiveOf(topicArn))
  if (archive === undefined) return undefined
  return new Date(Math.max(archive.createdAt, now - archive.settings.retentionMs)).toISOString()
}

interface Archived {
  messageId: string
  sequenceNumber: string
  at: number
  message: string
  structured: boolean
  subject?: string
  attributes: MessageAttributes
  groupId: string
  deduplicationId: string
}

/** What goes into the archive of a publication. */
export function archivedMessage(published: Published, topicArn: string, at: number): Pick<NewMessage, 'body' | 'legs'> {
  const { publication, sequenceNumber = '' } = published
  const { messageId, message, structured, subject, attributes, groupId, deduplicationId } = publication
  const kept: Archived = {
    ...{ messageId, sequenceNumber, at, message, structured, attributes, groupId, deduplicationId },
    ...(subject === undefined ? {} : { subject }),
  }
  return { body: JSON.stringify(kept), legs: [{ queue: archiveOf(topicArn) }] }
}

/** Messages of one step of a replay. */
const step = 100

/**
 * Delivers what a topic has archived to one subscription, in order, as far as the subscription's filter lets it pass. A queue that
 * deduplicates takes each message again: its id is another one.
 */
export async function replayArchive(
  subscription: SubscriptionDefinition,
  topic: TopicDefinition,
  { from, until = Number.POSITIVE_INFINITY }: ArchiveReplay,
  services: ActionServices,
  call: Call,
): Promise<void> {
  const { store, clock, newId } = services
  const archive = archiveOf(topic.arn)
  const declared = await store.declarations()
  if (!declared.queues.has(archive) || !declared.queues.has(subscription.queue)) return
  const { visible, inFlight } = await store.counts(archive)
  const kept = await store.peek(archive, visible + inFlight)
  const passes = filterOf(subscription.attributes)
  const run = newId()
  const messages = kept
    .filter(({ visibleAt }) => visibleAt <= clock.now())
    .map(({ message }) => JSON.parse(message.body) as Archived)
    .filter(({ at }) => at >= from && at <= until)
    .flatMap((archived): NewMessage[] => {
      const publication = restoredPublication(archived)
      const text = publication.textFor(subscription.protocol)
      if (passes?.(publication.attributes, text) === false) return []
      const { at, sequenceNumber } = archived
      const published = { publication, sequenceNumber }
      const { once: _once, ...message } = queueMessageOf(
        { published, subscription, text },
        { topic, at, signatures: new Map(), services, call, replayed: true },
      )
      const { deduplicationId } = message
      return [{ ...message, deduplicationId: deduplicationId === '' ? '' : `${run}-${newId()}` }]
    })
  for (let index = 0; index < messages.length; index += step) await store.accept(messages.slice(index, index + step))
}
