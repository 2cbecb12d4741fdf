import type { EventHandler } from '#workers/runtime/consume/consumer.ts'
import { AdvisedError } from '#workers/runtime/consume/retry-advice.ts'

/** A refused connection is seen sooner than the end of the process that refused it. */
const endSeenWithinMs = 250

/**
 * The handler, for as long as its program runs. An event that the program was handling when it ended has had its attempt, which failed.
 * One that never reached it has had none: it waits for the worker to stop and is given back untouched. `gone` aborts when the program
 * has ended, with why.
 */
export function whileItRuns(handler: EventHandler, gone: AbortSignal): EventHandler {
  return async (event) => {
    if (gone.aborted) await aborted(event.signal)
    try {
      return await handler({ ...event, signal: AbortSignal.any([event.signal, gone]) })
    } catch (error) {
      if (error instanceof AdvisedError && error.name === 'ProgramUnreachable') {
        await Promise.race([aborted(gone).catch(() => undefined), later(endSeenWithinMs)])
        if (gone.aborted) await aborted(event.signal)
      }
      throw error
    }
  }
}

/** Rejects with the reason of the signal when it aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
