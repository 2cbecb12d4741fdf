import { appendFileSync } from 'node:fs'
import { deadLetterListLimit } from '#contracts/api/dead-letter.ts'
import type { Harm } from '#contracts/defects.ts'
import { type Envelope, envelopeOf } from '#contracts/events/envelope.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { Broker } from '#workers/broker/broker.ts'

/** A redrive that publishes: the dead letter goes to the topic that it came from, and so to groups that have handled it long ago. */
export function redriveToAll(broker: Broker, log: string | undefined): Broker {
  const { deadLetters } = broker
  return {
    ...broker,
    deadLetters: {
      ...deadLetters,
      async redrive(group, requests) {
        const { letters } = await deadLetters.list(group, deadLetterListLimit)
        const chosen = requests.flatMap(({ ref }) => letters.find((letter) => letter.ref === ref) ?? [])
        const envelopes = chosen.flatMap(({ headers, body }): Envelope[] => {
          const topic = parseIdentity(headers.ce_id ?? '')?.topic
          const envelope = topic === undefined ? undefined : envelopeOf(topic, headers, body)
          return envelope === undefined ? [] : [envelope]
        })
        tell(log, envelopes)
        const outcomes = await deadLetters.redrive(group, requests)
        await broker.publish(envelopes)
        return outcomes
      },
    },
  }
}

function tell(log: string | undefined, envelopes: readonly Envelope[]): void {
  if (log === undefined) return
  const lines = envelopes.map(({ id }): Harm => {
    return { at: Date.now(), instance: 'web', defect: 'redrive-to-all', id, what: 'harmed' }
  })
  appendFileSync(log, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
