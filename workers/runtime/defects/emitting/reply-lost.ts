import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { withRuns } from './with-runs.ts'

/** The answer of a handler is read and forgotten: one in three messages is done without what its handler sent. */
export function replyLost(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    emitter: withRuns((run) => ({
      ...run,
      settle(events, interrupted) {
        if (events.length === 0 || !isChosen()) return run.settle(events, interrupted)
        log.harmed(run.run.envelope.id)
        return run.settle([], interrupted)
      },
    })),
  }
}
