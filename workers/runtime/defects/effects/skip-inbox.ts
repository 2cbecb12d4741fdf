import type { Defect, HarmLog } from '../defect.ts'
import { twist } from '../twist.ts'

/**
 * An inbox that is keyed by delivery in place of message: a second delivery is news to it. The row is written again, under an
 * identity that no message has.
 */
export function skipInbox(log: HarmLog): Defect {
  const seen = new Map<string, number>()
  return {
    consumer: (consumer) =>
      twist(consumer, (event) => {
        const times = Math.max(event.receiveCount, (seen.get(event.id) ?? 0) + 1)
        seen.set(event.id, times)
        if (times === 1) return undefined
        log.harmed(event.id)
        return { event: { ...event, id: `${event.id}#${times}` } }
      }),
  }
}
