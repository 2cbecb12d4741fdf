import type { Logger } from 'pino'
import type { NewMessage, QueueStore, ReceivedMessage, StoredMessage } from '../stores/queue-store.ts'
import type { FaultBook } from './fault-book.ts'

interface Needs {
  faults: FaultBook
  store: QueueStore
  log: Logger
}

const usualDelayMs = 1_000
const usualHoldMs = 500

/** The id under which a message was published: its own if it is raw, else what its envelope says. */
function publicationOf({ id, body, attributes }: NewMessage): string {
  if (attributes !== '' || !body.startsWith('{')) return id
  try {
    const { Type, MessageId } = Object(JSON.parse(body)) as Record<string, unknown>
    return Type === 'Notification' && typeof MessageId === 'string' ? MessageId : id
  } catch {
    return id
  }
}

/** What faults have made of single legs: lost, or later by so many milliseconds. A publication that is fanned out again keeps its fate. */
export type LegFates = Map<string, 'lost' | number>

/**
 * What becomes of messages on their way into queues: legs lost, delayed, or held back behind later ones. A leg in `fates` does not strike
 * again, others are noted there.
 */
export function withLegFaults(
  messages: NewMessage[],
  { faults }: Needs,
  topic?: string,
  fates: LegFates = new Map(),
): NewMessage[] {
  return messages.map((message) => {
    const legs = message.legs.flatMap((leg) => {
      // Only a publication is fanned out again; its message has a new id each time.
      const key = topic === undefined ? '' : `${publicationOf(message)} ${leg.queue}`
      const extra = fates.get(key) ?? fateOf(message, leg.queue, faults, topic)
      if (topic !== undefined) fates.set(key, extra)
      if (extra === 'lost') return []
      return extra === 0 ? [leg] : [{ ...leg, delayMs: (leg.delayMs ?? 0) + extra }]
    })
    return { ...message, legs }
  })
}

function fateOf(message: NewMessage, queue: string, faults: FaultBook, topic: string | undefined): 'lost' | number {
  const place = topic === undefined ? { queue } : { queue, topic }
  const lost = topic === undefined ? undefined : faults.strike('lost-leg', place)
  if (lost !== undefined) {
    faults.lost.add(queue, publicationOf(message), lost.id)
    return 'lost'
  }
  let extra = 0
  const delayed = faults.strike('delayed-delivery', place)
  if (delayed !== undefined) extra += delayed.afterMs ?? usualDelayMs
  const held = faults.strike('reorder', place)
  if (held !== undefined) extra += Math.ceil(faults.chanceOf(held) * (held.afterMs ?? usualHoldMs))
  return extra
}

/** The same message once more, under the same id. */
const copyOf = (message: StoredMessage, queue: string): NewMessage => {
  const { id, body, attributes, md5OfBody, md5OfAttributes, traceHeader, groupId, deduplicationId } = message
  const legs = [{ queue, delayMs: 0 }]
  return { id, body, attributes, md5OfBody, md5OfAttributes, traceHeader, groupId, deduplicationId, legs }
}

/** What becomes of messages that a receive is about to answer with. */
export async function withDeliveryFaults(
  queue: { name: string; arn: string; fifo: boolean },
  messages: ReceivedMessage[],
  needs: Needs,
): Promise<ReceivedMessage[]> {
  const { faults, store, log } = needs
  const place = { queue: queue.arn }
  const early: { receipt: string; timeoutMs: number }[] = []
  for (const { message, receipt } of messages) {
    if (!faults.copied.has(queue.arn, message.id) && faults.strike('duplicate-delivery', place) !== undefined) {
      faults.copied.add(queue.arn, message.id)
      // A FIFO queue would drop a second copy: there the same one is visible again.
      if (queue.fifo) early.push({ receipt, timeoutMs: 0 })
      else await store.accept([copyOf(message, queue.name)])
    }
    const expiry = faults.strike('early-expiry', place)
    if (expiry !== undefined) early.push({ receipt, timeoutMs: expiry.afterMs ?? 0 })
  }
  if (early.length > 0) {
    await store.changeVisibility(queue.name, early).catch((error: unknown) => {
      log.debug({ err: error }, 'an early expiry could not be brought about')
    })
  }
  const shuffled = faults.strike('reorder', place)
  return shuffled === undefined || messages.length < 2 ? messages : [...messages].reverse()
}
