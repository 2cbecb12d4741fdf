import type { HandlerRun } from '../../publish/caused-event.ts'
import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { harmCausedBy } from './harm-caused-by.ts'

/** A variable that outlives its message: what one in three messages causes names the one that was handled before as its cause. */
export function wrongCause(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  const named = new Set<string>()
  /** Everything that it causes is published. */
  let before: HandlerRun | undefined
  return {
    broker: harmCausedBy(named, log),
    emitter: (emitter) => ({
      ...emitter,
      begin(of) {
        const own = emitter.begin(of)
        return {
          ...own,
          async settle(events, interrupted) {
            const wrong = before
            if (events.length === 0 || wrong === undefined || wrong.envelope.id === of.envelope.id || !isChosen()) {
              const problem = await own.settle(events, interrupted)
              if (problem === undefined && events.length > 0) before = of
              return problem
            }
            named.add(wrong.envelope.id)
            before = undefined
            const [problem] = await Promise.all([
              emitter.begin(wrong).settle(events, interrupted),
              own.settle([], interrupted),
            ])
            named.delete(wrong.envelope.id)
            return problem
          },
        }
      },
    }),
  }
}
