import type { RunFault } from '#contracts/api/run.ts'
import { type Fault, neverSeen } from '#contracts/faults/fault.ts'
import type { PlannedFault } from '#contracts/scenario/plan.ts'
import { ApiProblem } from '../../problem/problem.ts'
import type { RunLab } from '../run-lab.ts'

/** What changes of a fault of a run, as the journal has it. */
export type FaultNews = Omit<RunFault, 'type' | 'target' | 'phase'>

/** Injects the faults of a run at their times, and reports what becomes of them. */
export class FaultWatch {
  readonly #lab: Pick<RunLab, 'faults'>
  readonly #startedAt: number
  readonly #tell: (news: FaultNews) => void
  readonly #faults: {
    planned: PlannedFault
    faultId?: string
    asked: boolean
    /** Its phase ended: it is healed as soon as the lab has named it. */
    isOver: boolean
    news: FaultNews
    key: string
  }[]
  readonly #pending = new Set<Promise<void>>()

  /** `startedAt` in epoch milliseconds. */
  constructor(given: {
    lab: Pick<RunLab, 'faults'>
    planned: readonly PlannedFault[]
    startedAt: number
    tell: (news: FaultNews) => void
  }) {
    this.#lab = given.lab
    this.#startedAt = given.startedAt
    this.#tell = given.tell
    this.#faults = given.planned.map((planned) => ({
      ...{ planned, asked: false, isOver: false, key: '' },
      news: { id: planned.id, state: 'planned', hits: 0 },
    }))
  }

  of(id: string): FaultNews | undefined {
    return this.#faults.find(({ news }) => news.id === id)?.news
  }

  /** Whether each fault that begins in the phase was seen to take effect, or is over without it. */
  isObserved(phase: string): boolean {
    return this.#faults.every(
      ({ planned, news: { observedAt, healedAt, state } }) =>
        planned.phase !== phase || observedAt !== undefined || healedAt !== undefined || state === 'failed',
    )
  }

  /** Injects what is due `intoMs` into the phase. */
  inject(phase: string, intoMs: number): void {
    for (const fault of this.#faults) {
      const { planned, asked } = fault
      if (asked || planned.phase !== phase || planned.startAtMs > intoMs) continue
      fault.asked = true
      const work = this.#lab.faults
        .inject(planned.input)
        .then(({ id }) => {
          fault.faultId = id
          if (fault.isOver) this.#heal(id)
        })
        .catch((error: unknown) => {
          const reason = error instanceof ApiProblem || error instanceof Error ? error.message : String(error)
          this.#take(fault, { ...fault.news, state: 'failed', reason })
        })
        .finally(() => void this.#pending.delete(work))
      this.#pending.add(work)
    }
  }

  /** Heals what ends with the phase. It is not waited for. */
  endPhase(phase: string): void {
    for (const fault of this.#faults) {
      if (fault.planned.endsWith !== phase) continue
      fault.isOver = true
      if (fault.faultId !== undefined) this.#heal(fault.faultId)
    }
  }

  /** Compares the faults' present states with the last ones, and reports what changed. */
  look(): void {
    const known = new Map(this.#lab.faults.list().map((fault) => [fault.id, fault]))
    for (const fault of this.#faults) {
      const now = fault.faultId === undefined ? undefined : known.get(fault.faultId)
      if (now) this.#take(fault, this.#newsOf(fault.planned.id, now))
    }
  }

  /** Resolves when every injection was answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending)
    this.look()
  }

  #heal(faultId: string): void {
    void this.#lab.faults.heal(faultId).catch(() => undefined)
  }

  #take(fault: { news: FaultNews; key: string }, news: FaultNews): void {
    fault.news = news
    // Hits alone are no news: they would be a line for each message.
    const { hits: _, ...rest } = news
    const key = JSON.stringify(rest)
    if (key === fault.key) return
    fault.key = key
    this.#tell(news)
  }

  #newsOf(id: string, { id: faultId, state, injectedAt, observedAt, healedAt, hits, reason }: Fault): FaultNews {
    const into = (at: string): number => Date.parse(at) - this.#startedAt
    return {
      ...{ id, faultId, state, hits },
      ...(injectedAt === undefined ? {} : { injectedAt: into(injectedAt) }),
      ...(observedAt === undefined ? {} : { observedAt: into(observedAt) }),
      ...(healedAt === undefined ? {} : { healedAt: into(healedAt) }),
      // Who reads a run says that much by itself.
      ...(reason === undefined || reason === neverSeen ? {} : { reason }),
    }
  }
}
