import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { harmCausedBy } from './harm-caused-by.ts'
import { withRuns } from './with-runs.ts'

/** A client library that repeats a publish which had been acknowledged: of one in three messages every event that it causes comes twice. */
export function childTwice(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  const again = new Set<string>()
  return {
    broker: harmCausedBy(again, log),
    emitter: withRuns((run, emitter) => ({
      ...run,
      async settle(events, interrupted) {
        const problem = await run.settle(events, interrupted)
        if (problem !== undefined || events.length === 0 || !isChosen()) return problem
        const { id } = run.run.envelope
        again.add(id)
        // Without the ids that the program gave, by which a repetition would be noticed.
        const nameless = events.map(({ givenId: _, ...event }) => event)
        return emitter
          .begin(run.run)
          .settle(nameless, interrupted)
          .finally(() => again.delete(id))
      },
    })),
  }
}
