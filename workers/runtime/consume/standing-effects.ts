import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from './consumer.ts'

/** Events that are remembered at most: the newest. */
const mostRemembered = 10_000

type Run = Pick<HandledEvent, 'id' | 'attempt'>

/** Effects that were made though the attempt that made them may fail after them. Lost with the process. */
export interface StandingEffects {
  /**
   * The effect, marked as suppressed, that an earlier attempt at this delivery of the event has left; undefined if there is none, so that
   * the handler is to run. What was handed out again as the same attempt, or sent back from the dead letters, is no later attempt.
   */
  before(run: Run): { effect: Effect | undefined } | undefined
  /** The attempt has its effect, or found it. `effect` undefined: the handler reported none. */
  note(run: Run, effect: Effect | undefined): void
}

export function standingEffects(): StandingEffects {
  const known = new Map<string, { attempt: number; effect: Effect | undefined }>()
  return {
    before({ id, attempt }) {
      const found = known.get(id)
      if (found && attempt > found.attempt)
        return { effect: found.effect === undefined ? undefined : { ...found.effect, suppressed: true } }
      // Should the handler fail now, the attempt after it has nothing to find.
      known.delete(id)
      return undefined
    },
    note({ id, attempt }, effect) {
      known.delete(id)
      known.set(id, { attempt, effect })
      const [oldest] = known.keys()
      if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest)
    },
  }
}
