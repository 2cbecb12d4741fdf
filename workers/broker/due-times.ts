/** Times at which something is due, with one timer for all. */
export interface DueTimes {
  /** Something is due in `delayMs` milliseconds; at most 24 days; at once if that is not above 0. Ignored after `close`. */
  add(delayMs: number): void
  /** Nothing more is reported. */
  close(): void
}

/** Times within so many milliseconds count as one, the last of them, so that memory does not grow with their number. */
const slotMs = 250

/**
 * IDLE: nothing is due, no timer. WAITING: one timer runs, for the earliest time; it does not keep the process alive. CLOSED.
 * `due` is called after each time that was added, at most 250 ms late. `now` is in milliseconds.
 */
export function createDueTimes(due: () => void, now: () => number): DueTimes {
  const times = new Set<number>()
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY
  let closed = false

  function wait(until: number): void {
    clearTimeout(timer)
    timerAt = until
    timer = setTimeout(ring, Math.max(0, until - now()))
    timer.unref()
  }

  function ring(): void {
    const rung = timerAt
    timerAt = Number.POSITIVE_INFINITY
    let earliest = timerAt
    for (const time of times) {
      if (time <= rung) times.delete(time)
      else earliest = Math.min(earliest, time)
    }
    if (earliest < timerAt) wait(earliest)
    due()
  }

  return {
    add(delayMs) {
      if (closed) return
      if (delayMs <= 0) return due()
      const time = Math.ceil((now() + delayMs) / slotMs) * slotMs
      times.add(time)
      if (time < timerAt) wait(time)
    },
    close() {
      closed = true
      clearTimeout(timer)
      times.clear()
    },
  }
}
