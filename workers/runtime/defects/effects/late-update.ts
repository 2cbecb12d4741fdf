import type { Defect, HarmLog } from '../defect.ts'
import { twist } from '../twist.ts'

/** A write without its guard: a retry counts as the newest event of its key, since it comes last. */
export function lateUpdate(log: HarmLog): Defect {
  return {
    consumer: (consumer) =>
      twist(consumer, (event) => {
        if (event.attempt === 1) return undefined
        log.harmed(event.id)
        return { event: { ...event, envelope: { ...event.envelope, time: new Date().toISOString() } } }
      }),
  }
}
