import type { ActionServices } from '../actions/action.ts'
import { lastPurgeOf } from '../actions/sqs/queues.ts'
import { nameOfArn } from '../semantics/names.ts'
import type { QueueDefinition } from '../stores/queue-store.ts'
import type { ExplainedStep } from './explanation.ts'

/** Messages that are looked through, the oldest. */
const lookedThrough = 1_000

/** What can be said of a message that was published: whether it is in the queue, and if not, what takes messages away. */
export async function arrivalSteps(
  messageId: string,
  publishedAt: number | undefined,
  queue: QueueDefinition,
  { store, faults, clock }: ActionServices,
): Promise<ExplainedStep[]> {
  const fault = faults.lost.faultOf(queue.name, messageId)
  if (fault !== undefined) {
    const text = `the fault ${fault} lost this leg of the fan-out: the message was never put into ${nameOfArn(queue.arn)}`
    return [{ step: 'fault', verdict: 'stops', code: 'lost-leg', text }]
  }
  const messages = await store.peek(queue.name, lookedThrough)
  const found = messages.find(({ message: { id, body } }) => id === messageId || body.includes(`"${messageId}"`))
  if (found !== undefined) {
    const text = `it is in the queue and ${found.state === 'in-flight' ? 'in flight' : found.state}, received ${found.receiveCount === 1 ? 'once' : `${found.receiveCount} times`}`
    return [{ step: 'arrival', verdict: 'ok', code: `there-${found.state}`, text, at: found.message.sentAt }]
  }
  const purgedAt = lastPurgeOf(store, queue.name)
  if (purgedAt !== undefined && (publishedAt === undefined || publishedAt <= purgedAt)) {
    const text =
      'the queue was purged after it was published: a message that was there is gone, unless it was received before'
    return [{ step: 'arrival', verdict: 'may-stop', code: 'purged', text, at: purgedAt }]
  }
  const expiredAt = publishedAt === undefined ? undefined : publishedAt + queue.settings.retentionMs
  if (expiredAt !== undefined && expiredAt <= clock.now()) {
    const text = `the queue keeps messages for ${queue.settings.retentionMs / 1_000} seconds, and that is over: it expired, unless it was received before`
    return [{ step: 'arrival', verdict: 'may-stop', code: 'expired', text, at: expiredAt }]
  }
  if (publishedAt !== undefined && publishedAt < queue.createdAt) {
    const text = 'the queue was made after it was published'
    return [{ step: 'arrival', verdict: 'stops', code: 'queue-made-later', text, at: queue.createdAt }]
  }
  const rest = messages.length === lookedThrough ? ` among the oldest ${lookedThrough}; others are behind them` : ' now'
  const text = `it is not in the queue${rest}: it was received and deleted, moved to dead letters, or has not come`
  return [{ step: 'arrival', verdict: 'may-stop', code: 'not-there', text }]
}
