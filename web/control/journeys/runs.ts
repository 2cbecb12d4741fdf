import type { AttemptRecord, JourneyRecord, ObligationRecord } from './journey-record.ts'

/** A handler run that has begun and not ended. */
export interface Run {
  journey: JourneyRecord
  obligation: ObligationRecord
  attempt: AttemptRecord
}

/** Handler runs under way, by the instance that has them in hand. */
export class Runs {
  readonly #byInstance = new Map<string, Map<AttemptRecord, Run>>()

  add(run: Run): void {
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

  of(instance: string): Run[] {
    return [...(this.#byInstance.get(instance)?.values() ?? [])]
  }

  instances(): string[] {
    return [...this.#byInstance.keys()]
  }
}
