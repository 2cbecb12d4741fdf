import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { twist } from '../twist.ts'
import { withData } from '../with-data.ts'

/** A variable that is shared by two letters: one in three goes to whom another was meant for. */
export function wrongRecipient(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    consumer: (consumer) =>
      twist(consumer, (event) => {
        if (!isChosen()) return undefined
        log.harmed(event.id)
        return { event: withData(event, () => ({ email: 'stranger@example.net' })) }
      }),
  }
}
