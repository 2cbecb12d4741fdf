import type { CheckValues, RunCheck, RunFault } from '#contracts/api/run.ts'
import { breaks, holds } from '#contracts/scenario-run/holds.ts'
import type { LabFigures } from './lab-figures.ts'

/** A look that comes later than this after the end of a check's time says nothing of that time, in milliseconds. */
const lateAfterMs = 1_000

type CheckOf<Kind extends RunCheck['kind']> = Extract<RunCheck, { kind: Kind }>

export interface CheckWatchOptions {
  checks: readonly RunCheck[]
  /** Writes figures down. `last`: the check is decided by them. `lateMs`: they came so much too late to decide it. */
  tell(id: string, values: CheckValues, last: boolean, lateMs?: number): void
  fault(id: string): Pick<RunFault, 'healedAt'> | undefined
}

/**
 * Looks at the checks of a run while it goes on. Of a check that holds always, or once, it writes down the first figures that decide it, or
 * else the last ones; of one after a fault, those with which it held, or those at the end of its time.
 */
export class CheckWatch {
  readonly #options: CheckWatchOptions
  readonly #decided = new Set<string>()
  readonly #latest = new Map<string, CheckValues>()

  constructor(options: CheckWatchOptions) {
    this.#options = options
  }

  /** Looks at what has to hold now. `elapsedMs` is the time into the run. Answers the abort condition that came true. */
  look(
    figures: Pick<LabFigures, 'of'>,
    phase: string | undefined,
    elapsedMs: number,
  ): { check: CheckOf<'abort'>; values: CheckValues } | undefined {
    for (const check of this.#options.checks) {
      if (this.#decided.has(check.id)) continue
      if (check.kind === 'abort') {
        const values = figures.of(check.condition)
        this.#latest.set(check.id, values)
        if (!breaks(check.condition, values)) continue
        this.#decide(check.id, values)
        return { check, values }
      }
      if (check.kind === 'always' || check.kind === 'once') this.#watch(check, figures, phase)
      else if (check.kind === 'after') this.#after(check, figures, elapsedMs)
    }
    return undefined
  }

  /** Whether the lab is in its steady state: every such check holds. Each is written down when it holds, or with `isLast`. */
  steady(figures: Pick<LabFigures, 'of'>, isLast: boolean): boolean {
    let all = true
    for (const check of this.#options.checks) {
      if (check.kind !== 'steady') continue
      const values = figures.of(check.condition)
      const held = holds(check.condition, values) === true
      all &&= held
      if (held || isLast) this.#latest.set(check.id, values)
    }
    if (all || isLast) {
      for (const { id, kind } of this.#options.checks)
        if (kind === 'steady') this.#decide(id, this.#latest.get(id) ?? {})
    }
    return all
  }

  /** Whether each check that has to hold once in the phase has held. */
  haveHeldIn(phase: string): boolean {
    return this.#options.checks.every(
      (check) => check.kind !== 'once' || check.phase !== phase || this.#decided.has(check.id),
    )
  }

  /** Milliseconds that the longest steady-state check may take. */
  steadyWithinMs(): number {
    return Math.max(0, ...this.#options.checks.map((check) => (check.kind === 'steady' ? check.withinMs : 0)))
  }

  /** Whether a check after a fault is still to be decided, and can be: its fault has ended. */
  isWaiting(): boolean {
    return this.#options.checks.some(
      (check) =>
        check.kind === 'after' &&
        !this.#decided.has(check.id) &&
        this.#options.fault(check.fault)?.healedAt !== undefined,
    )
  }

  /** Writes down the last figures of everything that is not decided. */
  finish(figures: Pick<LabFigures, 'of'>): void {
    for (const check of this.#options.checks) {
      if (
        this.#decided.has(check.id) ||
        check.kind === 'invariant' ||
        check.kind === 'steady' ||
        check.kind === 'after'
      )
        continue
      const seen = this.#latest.get(check.id)
      const isWatched = check.kind === 'always' || check.kind === 'once'
      if (isWatched && seen === undefined) continue
      this.#decide(check.id, isWatched ? (seen ?? {}) : figures.of(check.condition))
    }
  }

  #watch(check: CheckOf<'always' | 'once'>, figures: Pick<LabFigures, 'of'>, phase: string | undefined): void {
    if (check.phase !== undefined && check.phase !== phase) return
    const values = figures.of(check.condition)
    this.#latest.set(check.id, values)
    if (holds(check.condition, values) === (check.kind === 'once')) this.#decide(check.id, values)
  }

  #after(check: CheckOf<'after'>, figures: Pick<LabFigures, 'of'>, elapsedMs: number): void {
    const endedAt = this.#options.fault(check.fault)?.healedAt
    if (endedAt === undefined) return
    const values = figures.of(check.condition)
    const overMs = elapsedMs - (endedAt + check.withinMs)
    if (overMs > lateAfterMs) this.#decide(check.id, values, overMs)
    else if (overMs >= 0 || holds(check.condition, values) === true) this.#decide(check.id, values)
  }

  #decide(id: string, values: CheckValues, lateMs?: number): void {
    this.#decided.add(id)
    this.#options.tell(id, values, true, lateMs)
  }
}
