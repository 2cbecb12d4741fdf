import type { Effect } from '#contracts/protocols/telemetry.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { CausedEvent } from '../publish/caused-event.ts'
import { EmissionNotAcknowledged } from '../publish/emission-errors.ts'
import type { EmissionRun } from '../publish/emission-run.ts'
import type { AttemptResult } from './attempt.ts'

/** A handler that is done, and what it wants published. */
export interface Handled {
  result: AttemptResult & { outcome: 'ok' }
  sends: readonly CausedEvent[]
  /** Absent if the worker publishes nothing. */
  emissions: EmissionRun | undefined
}

/** How the attempt ends after that. */
export interface Emitted {
  result: AttemptResult
  /** What the handler did, where the attempt failed or was interrupted after it. */
  acted?: Effect
  /** It is given up at once: an event of it would have passed the hop limit. */
  isExpired: boolean
}

/**
 * Publishes what a handler has sent. The attempt is done when the broker has it all; it is interrupted where `interrupted` aborts before, and
 * then what was on the way may come to be published all the same.
 */
export async function emitSent(
  { result, sends, emissions }: Handled,
  interrupted: AbortSignal,
  now: () => number,
): Promise<Emitted> {
  const { effect } = result
  const acted = effect === undefined ? {} : { acted: effect }
  if (emissions === undefined) {
    if (sends.length === 0) return { result, isExpired: false }
    const error = new EmissionNotAcknowledged(
      'the worker was not started as one that publishes (FAULTLINE_PUBLISHES=1), so that what its handler sends goes nowhere',
    )
    return { result: { outcome: 'error', error: errorInfoOf(error), endedAt: now() }, ...acted, isExpired: false }
  }
  const interruption = waitForAbort(interrupted)
  const problem = await Promise.race([emissions.settle(sends, interrupted), interruption.aborted])
  interruption.forget()
  const endedAt = now()
  if (problem === undefined) return { result: { ...result, endedAt }, isExpired: false }
  if (problem === 'interrupted' || (interrupted.aborted && !problem.isExpired))
    return { result: { outcome: 'interrupted', endedAt }, ...acted, isExpired: false }
  const { error, isExpired } = problem
  return { result: { outcome: 'error', error, endedAt }, ...acted, isExpired }
}

function waitForAbort(signal: AbortSignal): { aborted: Promise<'interrupted'>; forget: () => void } {
  let tell: () => void = () => undefined
  const aborted = new Promise<'interrupted'>((resolve) => {
    tell = () => resolve('interrupted')
  })
  // Not at once: what needs no broker is settled although the worker stops.
  if (signal.aborted) setImmediate(tell)
  else signal.addEventListener('abort', tell, { once: true })
  return { aborted, forget: () => signal.removeEventListener('abort', tell) }
}
