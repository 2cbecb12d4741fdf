const looksInTime = 20

/** Whether somebody still asks for a run. */
export interface Abandonment {
  asked(): void
  stop(): void
}

/**
 * Calls `abandon` once if nobody asked for `afterMs`. It counts its own looks and reads no clock, so that a process that stood still has
 * missed nobody who asked meanwhile.
 */
export function watchAbandonment(afterMs: number, abandon: () => void): Abandonment {
  let missed = 0
  const timer = setInterval(() => {
    missed += 1
    if (missed <= looksInTime) return
    clearInterval(timer)
    abandon()
  }, afterMs / looksInTime)
  timer.unref()
  return {
    asked() {
      missed = 0
    },
    stop: () => clearInterval(timer),
  }
}
