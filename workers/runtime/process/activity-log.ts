import type { Logger } from 'pino'

/** Lines of one kind in a second above which only their number is logged. */
const linesPerSecond = 50
const windowMs = 1_000

/** Says what was handled so that a person can read it: a line per event while they are few, else one per second. */
export interface ActivityLog {
  /** `log` names the message; `what` begins with type and id. */
  handled(log: Logger, type: string, what: string, handlingMs: number): void
  /** `kind` is the error's type. Above the limit, errors are counted and the number is logged. */
  failed(log: Logger, kind: string, what: string): void
  /** Logs what is still counted. */
  flush(): void
}

/**
 * QUIET → COUNTING and back, by the second. QUIET: each event has its line, until a second has more than 50; the rest of it is
 * counted. COUNTING: a whole second is one line per type. A second of at most 50 goes back to QUIET.
 */
export function createActivityLog(log: Logger): ActivityLog {
  const durations = new Map<string, number[]>()
  const suppressed = new Map<string, number>()
  let counting = false
  let handledInWindow = 0
  let failedInWindow = 0
  let windowStartedAt = 0
  let timer: NodeJS.Timeout | undefined

  function openWindow(): void {
    if (timer) return
    windowStartedAt = performance.now()
    timer = setTimeout(closeWindow, windowMs)
    timer.unref()
  }

  function closeWindow(): void {
    clearTimeout(timer)
    timer = undefined
    const seconds = ((performance.now() - windowStartedAt) / 1_000).toFixed(1)
    for (const [type, all] of durations) {
      const more = counting ? '' : ' more'
      log.info(`${all.length}${more} ${type} handled in ${seconds} s, p95 ${format(percentile95(all))} ms`)
    }
    for (const [kind, count] of suppressed) log.error(`${count} more attempts failed with ${kind} in ${seconds} s`)
    counting = handledInWindow > linesPerSecond
    durations.clear()
    suppressed.clear()
    handledInWindow = 0
    failedInWindow = 0
    // A quiet second must follow before single lines come back, so a window follows a counted one by itself.
    if (counting) openWindow()
  }

  return {
    handled(eventLog, type, what, handlingMs) {
      openWindow()
      handledInWindow += 1
      if (!counting && handledInWindow <= linesPerSecond) {
        eventLog.info(`${what} (${format(handlingMs)} ms)`)
        return
      }
      const all = durations.get(type)
      if (all) all.push(handlingMs)
      else durations.set(type, [handlingMs])
    },
    failed(eventLog, kind, what) {
      openWindow()
      failedInWindow += 1
      if (failedInWindow <= linesPerSecond) eventLog.error(what)
      else suppressed.set(kind, (suppressed.get(kind) ?? 0) + 1)
    },
    flush: closeWindow,
  }
}

const format = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0))

function percentile95(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? 0
}
