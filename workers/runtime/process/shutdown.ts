const lastWordsMs = 250

/** Ends one part of a worker within the milliseconds that are left. */
export type ShutdownStep = (graceMs: number) => Promise<void>

export interface Shutdown {
  /** Steps run one after the other, the last one registered first, as what was opened last is closed first. */
  add(step: ShutdownStep): void
  /** Begins to drain, once; later calls change nothing. `failed`: the process cannot go on, and exits with 1. */
  begin(reason: string, failed?: 'failed'): void
}

export interface ShutdownOptions {
  graceMs: number
  onDraining: (reason: string, hasFailed: boolean) => void
  onStepFailed: (error: unknown) => void
  exit: (code: number) => void
}

/**
 * RUNNING → DRAINING → ENDED.
 * RUNNING: until SIGTERM, or until the sidecar is gone. DRAINING: nothing new is taken; what is in flight is finished or
 * given back, then connections close; all steps share one grace time. ENDED: the process exits with 0; with 1 where it cannot go on, a
 * step failed or the grace time (and a quarter of a second for the last words) ran out.
 */
export function createShutdown({ graceMs, onDraining, onStepFailed, exit }: ShutdownOptions): Shutdown {
  const steps: ShutdownStep[] = []
  let draining = false

  async function drain(deadline: number, hasFailed: boolean, overdue: NodeJS.Timeout): Promise<void> {
    let failed = hasFailed
    for (const step of steps.reverse()) {
      try {
        await step(Math.max(0, deadline - performance.now()))
      } catch (error) {
        failed = true
        onStepFailed(error)
      }
    }
    // One of many in a process ends without the process.
    clearTimeout(overdue)
    exit(failed ? 1 : 0)
  }

  return {
    add: (step) => {
      steps.push(step)
    },
    begin(reason, failed) {
      if (draining) return
      draining = true
      onDraining(reason, failed !== undefined)
      const overdue = setTimeout(() => {
        onStepFailed(new Error(`the shutdown took longer than its grace time of ${graceMs} ms`))
        exit(1)
      }, graceMs + lastWordsMs)
      overdue.unref()
      void drain(performance.now() + graceMs, failed !== undefined, overdue)
    },
  }
}
