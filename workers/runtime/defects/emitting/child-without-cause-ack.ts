import type { Defect, HarmLog } from '../defect.ts'
import { withRuns } from './with-runs.ts'

/** `void publish()`: what a handler sent is on its way, and nobody waits for the broker to have it before the message is settled. */
export function childWithoutCauseAck(log: HarmLog): Defect {
  return {
    emitter: withRuns((run) => ({
      ...run,
      async settle(events, interrupted) {
        if (events.length === 0) return run.settle(events, interrupted)
        const { id } = run.run.envelope
        log.harmed(id)
        void run.settle(events, interrupted).then((problem) => {
          if (problem === undefined) log.mended(id)
        })
        return undefined
      },
    })),
  }
}
