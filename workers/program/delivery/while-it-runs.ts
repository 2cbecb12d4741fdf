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
    const either = new AbortController()
    const end = (): void => either.abort(gone.aborted ? gone.reason : event.signal.reason)
    const signals = [event.signal, gone]
    // Not `AbortSignal.any`: what it makes of a signal that lives as long as the process is never given back.
    for (const signal of signals) signal.addEventListener('abort', end)
    if (event.signal.aborted) end()
    try {
      return await handler({ ...event, signal: either.signal })
    } catch (error) {
      if (error instanceof AdvisedError && error.name === 'ProgramUnreachable') {
        await abortsWithin(gone, endSeenWithinMs)
        if (gone.aborted) await aborted(event.signal)
      }
      throw error
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', end)
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

/** Resolves when the signal aborts, or after so many milliseconds. */
function abortsWithin(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
