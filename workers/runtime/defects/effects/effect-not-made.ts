import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { twist } from '../twist.ts'

/** A handler that says what it was to do and returns before it did. */
export function effectNotMade(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    consumer: (consumer) =>
      twist(consumer, ({ id }) => {
        if (!isChosen()) return undefined
        log.harmed(id)
        return { answer: { kind: consumer.batch === undefined ? 'email' : 'row', ref: `never made for ${id}` } }
      }),
  }
}
