import type { AttemptRecord, JourneyRecord, ObligationRecord } from './journey-record.ts'

/** A handler run that has begun and not ended. */
export interface BegunRun {
  journey: JourneyRecord
  obligation: ObligationRecord
  attempt: AttemptRecord
}

/** Handler runs under way, by the instance that has them in flight. */
export class BegunRuns {
  readonly #byInstance = new Map<string, Map<AttemptRecord, BegunRun>>()

  add(run: BegunRun): void {
    const { instance } = run.attempt
    let runs = this.#byInstance.get(instance)
    if (!runs) {
      runs = new Map()
      this.#byInstance.set(instance, runs)
    }
    runs.set(run.attempt, run)
  }

  delete(attempt: AttemptRecord): void {
    this.#byInstance.get(attempt.instance)?.delete(attempt)
  }

  of(instance: string): BegunRun[] {
    return [...(this.#byInstance.get(instance)?.values() ?? [])]
  }

  instances(): string[] {
    return [...this.#byInstance.keys()]
  }
}
