/** A user, or nobody in time, said that a switch shall not go on. The message says why; empty: because a user said so. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** Rejects with `Cancelled` when the signal aborts; what was begun goes on unheard. */
export function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new Cancelled())
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel))
  })
}

/** Rejects with `problem` where the work takes longer than `ms`; it goes on unheard. */
export function within<T>(work: Promise<T>, ms: number, problem: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${problem} within ${ms / 1_000} s`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
