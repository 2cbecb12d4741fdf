import { hiddenQueue } from '../semantics/hidden-queue.ts'
import type { DeclarationChange, Declarations, NewMessage } from '../stores/queue-store.ts'
import type { UnsentDelivery } from './delivery-records.ts'

/**
 * Deliveries to HTTP endpoints that are still to be made, in a queue of the store that no client can name: they are taken with the publication
 * that they are of, and last as long as everything else.
 */

/** Its name. */
export const outbox = 'http deliveries'

/** Longer than any retry policy takes. */
const retentionMs = 14 * 86_400_000

/** What has to change among the queues so that there is one. */
export function outboxChanges({ queues }: Declarations, now: number): DeclarationChange[] {
  if (queues.has(outbox)) return []
  return [{ put: 'queue', queue: hiddenQueue(outbox, retentionMs, now) }]
}

/** A message as it goes to the dead-letter queue of a subscription. */
export type DeadLetterMessage = Omit<NewMessage, 'id' | 'legs' | 'once'>

export interface HttpDelivery {
  record: UnsentDelivery
  headers: Record<string, string>
  /** Milliseconds before each further attempt. */
  delays: number[]
  /** Where it goes once nothing is tried any more, and as what. Absent: nowhere. */
  deadLetters?: { queue: string; message: DeadLetterMessage }
}

/** A delivery as a message of the outbox. */
export const outboxMessage = (delivery: HttpDelivery, id: string): NewMessage => ({
  ...{ id, body: JSON.stringify(delivery), attributes: '', md5OfBody: '', md5OfAttributes: '', traceHeader: '' },
  ...{ groupId: '', deduplicationId: '', legs: [{ queue: outbox }] },
})

export const deliveryIn = (body: string): HttpDelivery => JSON.parse(body) as HttpDelivery
