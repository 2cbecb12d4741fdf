import { type Defect, type HarmLog, withHandle } from '../defect.ts'
import { twist } from '../twist.ts'

const error = { type: 'UniqueViolation', message: 'the message is in the inbox already' }

/** The inbox's "I have it already" is taken for an error that no retry mends. */
export function deadLetterDelivered(log: HarmLog): Defect {
  const found = new Set<string>()
  return {
    consumer: (consumer) =>
      twist(consumer, ({ id }) => ({
        after(answer) {
          if (answer !== undefined && !(answer instanceof Error) && answer.suppressed) found.add(id)
          return answer
        },
      })),
    broker: withHandle((handle) => async (deliveries) => {
      const said = await handle(deliveries)
      return said.map((settlement, index) => {
        const { envelope, attempt } = deliveries[index] ?? {}
        if (settlement.kind !== 'ack' || envelope === undefined || !found.delete(envelope.id)) return settlement
        log.harmed(envelope.id)
        return { kind: 'dead-letter', reason: 'non_retryable', error, attempts: attempt ?? 1 }
      })
    }),
  }
}
