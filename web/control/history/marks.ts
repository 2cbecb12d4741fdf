import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { HistoryMark, HistorySecond } from '#contracts/api/history.ts'

/** Entries and marks at most; the oldest go beyond that. */
const most = 20_000

/** What happened, in the order of time: entries of the event log, and verdicts. */
export class Marks {
  readonly #marks: HistoryMark[] = []
  readonly #entries: { shownAt: number; entry: EventLogEntry }[] = []

  /** What a keyframe at `shownAt` shows first. */
  add(shownAt: number, entries: readonly EventLogEntry[], verdict: HistorySecond['verdict']): void {
    for (const entry of entries) {
      this.#entries.push({ shownAt, entry })
      const { kind, level, message, at, subject, faultId, group } = entry
      this.#marks.push({
        ...{ t: Math.min(Date.parse(at), shownAt), shownAt, kind, level, label: message },
        ...(subject === undefined ? {} : { subject }),
        ...(faultId === undefined ? {} : { faultId }),
        ...(group === undefined ? {} : { group }),
      })
    }
    if (verdict) this.#marks.push(verdictMark(shownAt, verdict))
    if (this.#entries.length > most) this.#entries.splice(0, this.#entries.length - most)
    if (this.#marks.length > most) this.#marks.splice(0, this.#marks.length - most)
  }

  /** Oldest first. */
  list(): readonly HistoryMark[] {
    return this.#marks
  }

  /** The first mark that is shown after `t`; backwards the last one that is shown before it. */
  next(t: number, direction: 'forward' | 'back'): HistoryMark | undefined {
    return direction === 'forward'
      ? this.#marks.find(({ shownAt }) => shownAt > t)
      : this.#marks.findLast(({ shownAt }) => shownAt < t)
  }

  /** Entries of the event log that were there at `t`: the newest `limit`, oldest first. */
  entriesAt(t: number, limit: number): EventLogEntry[] {
    const entries: EventLogEntry[] = []
    for (let index = this.#entries.length - 1; index >= 0 && entries.length < limit; index -= 1) {
      const each = this.#entries[index]
      if (each && each.shownAt <= t) entries.push(each.entry)
    }
    return entries.reverse()
  }

  forgetBefore(t: number): void {
    const firstMark = this.#marks.findIndex(({ shownAt }) => shownAt >= t)
    this.#marks.splice(0, firstMark === -1 ? this.#marks.length : firstMark)
    const firstEntry = this.#entries.findIndex(({ shownAt }) => shownAt >= t)
    this.#entries.splice(0, firstEntry === -1 ? this.#entries.length : firstEntry)
  }
}

function verdictMark(shownAt: number, { result, reason }: NonNullable<HistorySecond['verdict']>): HistoryMark {
  const level = result === 'fail' ? 'error' : 'info'
  return {
    t: shownAt,
    shownAt,
    kind: 'verdict',
    level,
    label: reason ? `Verdict ${result}: ${reason}` : `Verdict ${result}`,
  }
}
