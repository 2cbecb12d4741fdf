/** Promises that resolve when a state is reached. */
export interface Waiters {
  /** Something changed: whoever waits looks again. */
  wake(): void
  /** Resolves when `done` is true, or after `withinMs`, or when all is closed. */
  until(done: () => boolean, withinMs: number): Promise<void>
  close(): void
}

export function createWaiters(): Waiters {
  const waiting = new Set<() => void>()
  let closed = false
  const wake = (): void => {
    for (const goOn of waiting) goOn()
  }
  return {
    wake,
    async until(done, withinMs) {
      const deadline = performance.now() + withinMs
      while (!done() && !closed) {
        const leftMs = deadline - performance.now()
        if (leftMs <= 0) return
        await new Promise<void>((resolve) => {
          const goOn = (): void => {
            clearTimeout(timeout)
            waiting.delete(goOn)
            resolve()
          }
          const timeout = setTimeout(goOn, leftMs)
          waiting.add(goOn)
        })
      }
    },
    close() {
      closed = true
      wake()
    },
  }
}
