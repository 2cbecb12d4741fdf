import type { CheckValues } from '#contracts/api/run.ts'
import type { LineOf, LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'

type Backlog = Omit<LineOf<'backlog'>, 'kind' | 't'>

/** Unsettled messages from which a backlog is reported, and at which it is worked off. */
const opensAt = 10
const closesAt = 2

/** Sees when messages pile up in a group, how many, and when they are worked off. */
export class Backlogs {
  readonly #open = new Map<string, Backlog>()
  #lookedAt = 0

  /** Answers the backlogs that were worked off by `at`, milliseconds into the run. */
  look(lag: CheckValues, at: number): LineWithoutTime[] {
    const lines: LineWithoutTime[] = []
    for (const [group, waiting] of Object.entries(lag)) {
      if (waiting === null) continue
      const open = this.#open.get(group)
      if (!open) {
        if (waiting >= opensAt) this.#open.set(group, { group, beganAt: this.#lookedAt, peak: waiting, peakAt: at })
        continue
      }
      if (waiting > open.peak) Object.assign(open, { peak: waiting, peakAt: at })
      if (waiting > closesAt) continue
      this.#open.delete(group)
      lines.push({ kind: 'backlog', ...open, drainedAt: at, left: waiting })
    }
    this.#lookedAt = at
    return lines
  }

  /** Lines for the backlogs that are left at the end. */
  lines(): LineWithoutTime[] {
    return [...this.#open.values()].map((open) => ({ kind: 'backlog', ...open }))
  }
}
