import type { Envelope } from '#contracts/events/envelope.ts'
import { ackLost } from '#contracts/faults/catalogue/ack-lost.ts'
import { messageDuplicate } from '#contracts/faults/catalogue/message-duplicate.ts'
import { messagePoison } from '#contracts/faults/catalogue/message-poison.ts'
import { messageReorder } from '#contracts/faults/catalogue/message-reorder.ts'
import { poisonBody } from '#contracts/faults/poison-body.ts'
import { drawOf, victimName } from '#contracts/faults/victims.ts'
import type { Broker, PublishOutcome } from '#workers/broker/broker.ts'
import type { ActiveFaults } from './active-faults.ts'

/** One envelope on its way: what goes to the broker instead of it, when, and whether its answer is heard. */
interface Passage {
  sent: Envelope[]
  delayMs: number
  deaf: boolean
}

/**
 * `publish` with faults: bodies damaged, copies sent along, messages held back, answers lost. Promises what `publish` does:
 * one outcome per envelope, in order, never a rejection.
 */
export function withPublishFaults(publish: Broker['publish'], faults: ActiveFaults): Broker['publish'] {
  return async (envelopes) => {
    const passages = envelopes.map((envelope) => passageOf(envelope, faults))
    if (passages.every((passage) => passage === undefined)) return publish(envelopes)
    const outcomes: PublishOutcome[] = []
    const byDelay = new Map<number, number[]>()
    for (const [index, passage] of passages.entries()) {
      const delayMs = passage?.delayMs ?? 0
      byDelay.set(delayMs, [...(byDelay.get(delayMs) ?? []), index])
    }
    await Promise.all(
      [...byDelay].map(async ([delayMs, indexes]) => {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
        const originals: Envelope[] = []
        const copies: Envelope[] = []
        for (const index of indexes) {
          const envelope = envelopes[index]
          const [first, ...more] = passages[index]?.sent ?? (envelope ? [envelope] : [])
          if (first) originals.push(first)
          copies.push(...more)
        }
        const [answers] = await Promise.all([publish(originals), copies.length > 0 ? publish(copies) : undefined])
        for (const [place, index] of indexes.entries()) {
          outcomes[index] = heard(answers[place], passages[index]?.deaf === true)
        }
      }),
    )
    return outcomes
  }
}

function passageOf(envelope: Envelope, faults: ActiveFaults): Passage | undefined {
  const { id } = envelope
  const poison = faults.hitting(messagePoison.type, envelope).find((fault) => {
    return faults.hits(fault) < messagePoison.params.parse(fault.params).count
  })
  const copying = faults
    .hitting(messageDuplicate.type, envelope)
    .filter((fault) => messageDuplicate.params.parse(fault.params).stage === 'produce')
  const holding = faults.hitting(messageReorder.type, envelope)
  const losing = faults.of(ackLost.type).filter((fault) => ackLost.params.parse(fault.params).side === 'produce')
  const all = [...(poison ? [poison] : []), ...copying, ...holding, ...losing]
  if (all.length === 0) return undefined
  for (const fault of all) faults.hit(fault, id)
  const sent = poison
    ? { ...envelope, body: poisonBody(messagePoison.params.parse(poison.params).variant, envelope.body) }
    : envelope
  const copies = copying.reduce((sum, fault) => sum + messageDuplicate.params.parse(fault.params).copies, 0)
  return {
    sent: Array.from({ length: 1 + copies }, () => sent),
    delayMs: holding.reduce((sum, fault) => {
      const { windowMs } = messageReorder.params.parse(fault.params)
      return sum + Math.floor(windowMs * drawOf(fault.seed, `window ${victimName(id, envelope.traceparent)}`))
    }, 0),
    deaf: losing.length > 0,
  }
}

const lost: PublishOutcome = {
  state: 'indeterminate',
  error: { type: 'AckLost', message: 'the answer of the broker was lost (injected)' },
}

/** A publish that certainly failed has no acknowledgement to lose. */
function heard(outcome: PublishOutcome | undefined, deaf: boolean): PublishOutcome {
  if (!outcome) return { state: 'indeterminate', error: { type: 'NoResult', message: 'the driver gave no outcome' } }
  return deaf && outcome.state === 'acked' ? lost : outcome
}
