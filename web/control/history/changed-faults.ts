import type { Fault } from '#contracts/faults/fault.ts'

/** Which faults are other than they were when they were last looked at. */
export class ChangedFaults {
  readonly #seen = new Map<string, string>()

  /** Those of `faults` that are new or have changed; what only counts up is left out. Forgets those that are no longer listed. */
  take(faults: readonly Fault[]): Fault[] {
    const changed = faults.filter((fault) => {
      const { state, injectedAt, observedAt, healingAt, healedAt, reason } = fault
      const print = JSON.stringify([state, injectedAt, observedAt, healingAt, healedAt, reason])
      const isSame = this.#seen.get(fault.id) === print
      this.#seen.set(fault.id, print)
      return !isSame
    })
    const listed = new Set(faults.map(({ id }) => id))
    for (const id of this.#seen.keys()) if (!listed.has(id)) this.#seen.delete(id)
    return changed
  }
}
