import { setMaxListeners } from 'node:events'
import type { Effect, ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { Consumer, EventHandler, HandledEvent } from './consumer.ts'
import { adviceOf, type RetryAdvice } from './retry-advice.ts'

/** The handler took longer than `attemptTimeoutMs` of the retry policy. */
class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout'
}

/** No handler takes this type. */
class NoHandler extends Error {
  override readonly name = 'NoHandler'
}

/** How one attempt ended. */
export type AttemptResult = { endedAt: number } & (
  | { outcome: 'ok'; effect?: Effect }
  | { outcome: 'error'; error: ErrorInfo; advice?: RetryAdvice }
  /** Shutdown came first. */
  | { outcome: 'interrupted' }
)

export interface AttemptOptions {
  timeoutMs: number
  /** Ends every attempt at once. */
  interrupted: AbortSignal
  now: () => number
  /** Called at once with the place of each event that will not end well: its handler failed, or is waited for no longer. */
  onFailed?: (index: number) => void
}

/** An event before it has its signal. */
export type PendingEvent = Omit<HandledEvent, 'signal'>

/** Runs a consumer over events, one result per event in order. Never rejects: errors are results. */
export async function runAttempts(
  consumer: Pick<Consumer, 'handlers' | 'batch'>,
  pending: readonly PendingEvent[],
  { timeoutMs, interrupted, now, onFailed = () => undefined }: AttemptOptions,
): Promise<AttemptResult[]> {
  const ending = new AbortController()
  // As many wait for these signals as events are in flight: none of them is a leak.
  setMaxListeners(0, ending.signal, interrupted)
  const timer = setTimeout(() => {
    ending.abort(new AttemptTimeout(`the attempt took longer than ${timeoutMs} ms`))
  }, timeoutMs)
  const interrupt = (): void => ending.abort(interrupted.reason)
  interrupted.addEventListener('abort', interrupt, { once: true })
  if (interrupted.aborted) interrupt()

  const ended = new Promise<AttemptResult>((resolve) => {
    const { signal } = ending
    const end = (): void => {
      if (interrupted.aborted) resolve({ outcome: 'interrupted', endedAt: now() })
      else resolve({ outcome: 'error', error: errorInfoOf(signal.reason), endedAt: now() })
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
  const failed = (error: unknown): AttemptResult => ({
    outcome: 'error',
    error: errorInfoOf(error),
    ...adviceOf(error),
    endedAt: now(),
  })
  const done = (effect: Effect | undefined): AttemptResult => ({
    outcome: 'ok',
    endedAt: now(),
    ...(effect === undefined ? {} : { effect }),
  })
  const withNotice = (result: AttemptResult, index: number): AttemptResult => {
    if (result.outcome !== 'ok') onFailed(index)
    return result
  }
  const events = pending.map((event): HandledEvent => ({ ...event, signal: ending.signal }))

  try {
    // Not begun: nothing to undo, so a shutdown that came before the handlers runs none.
    if (interrupted.aborted) return (await Promise.all(events.map(() => ended))).map(withNotice)
    const { batch } = consumer
    if (batch) {
      const all = Promise.resolve()
        .then(() => batch(events))
        .then((answers) => events.map((_, index) => answerOf(answers, index, failed, done)))
        .catch((error: unknown) => events.map(() => failed(error)))
      return (await Promise.race([all, ended.then((result) => events.map(() => result))])).map(withNotice)
    }
    return await Promise.all(
      events.map((event, index) => {
        const run = Promise.resolve()
          .then(() => handlerOf(consumer.handlers, event.type)(event))
          .then(done, failed)
        return Promise.race([run, ended]).then((result) => withNotice(result, index))
      }),
    )
  } finally {
    clearTimeout(timer)
    interrupted.removeEventListener('abort', interrupt)
  }
}

function answerOf(
  answers: (Effect | undefined | Error)[],
  index: number,
  failed: (error: unknown) => AttemptResult,
  done: (effect: Effect | undefined) => AttemptResult,
): AttemptResult {
  if (index >= answers.length) return failed(new Error(`the batch handler gave ${answers.length} answers, not enough`))
  const answer = answers[index]
  return answer instanceof Error ? failed(answer) : done(answer)
}

function handlerOf(handlers: Record<string, EventHandler> | undefined, type: string): EventHandler {
  const handler = handlers && (Object.hasOwn(handlers, type) ? handlers[type] : handlers['*'])
  if (!handler) throw new NoHandler(`no handler takes ${type}`)
  return handler
}
