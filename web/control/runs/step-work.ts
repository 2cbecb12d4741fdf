import type { StepFile } from '#contracts/scenario/scenario-file.ts'
import { carryOutStep } from './carry-out-step.ts'
import type { RunLab } from './run-lab.ts'

/** The steps of a run: each begins at its time, and is reported when it is done or has failed. */
export class StepWork {
  readonly #lab: RunLab
  readonly #tell: (id: string, detail: string, failed: boolean) => void
  readonly #steps: { step: StepFile; id: string; begun: boolean }[]
  readonly #signal: AbortSignal
  readonly #work = new Set<Promise<void>>()

  /** `signal`: the run is cut short, and what can be cancelled is. */
  constructor(
    lab: RunLab,
    steps: readonly StepFile[],
    tell: (id: string, detail: string, failed: boolean) => void,
    signal: AbortSignal,
  ) {
    this.#lab = lab
    this.#tell = tell
    this.#signal = signal
    this.#steps = steps.map((step, index) => ({ step, id: step.id ?? `step-${index + 1}`, begun: false }))
  }

  /** Begins what is due `intoMs` into the phase. */
  take(phase: string, intoMs: number): void {
    for (const entry of this.#steps) {
      const { step, id, begun } = entry
      if (begun || step.phase !== phase || step.startAt > intoMs) continue
      entry.begun = true
      const work = carryOutStep(this.#lab, step, this.#signal)
        .then(
          (detail) => this.#tell(id, detail, false),
          (error: unknown) => this.#tell(id, error instanceof Error ? error.message : String(error), true),
        )
        .finally(() => void this.#work.delete(work))
      this.#work.add(work)
    }
  }

  /** Whether every step of the phase has begun. */
  haveBegun(phase: string): boolean {
    return this.#steps.every(({ step, begun }) => step.phase !== phase || begun)
  }

  isWorking(): boolean {
    return this.#work.size > 0
  }

  /** Resolves when everything that was begun is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#work)
  }
}
