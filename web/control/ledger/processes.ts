interface Process {
  incarnation: string
  /** First moment that this process reported, by its own clock. */
  since: number
  /** Smallest difference so far between arrival here and the moment by its clock: how far its clock is behind, at most. */
  offsetMs: number
  ended: boolean
}

export type ProcessState = [instance: string, Process][]

/** Processes kept that no longer report: a lab may have a thousand services, and a restart takes the place of the former process. */
const keptInstances = 20_000

/** The processes that report: which one an instance is now, and how its clock differs from that of the control plane. */
export class Processes {
  readonly #instances = new Map<string, Process>()

  /** A frame came. True if it is the first of a process that takes the place of another. */
  heard(instance: string, incarnation: string, at: number, arrivedAt: number): boolean {
    const known = this.#instances.get(instance)
    if (known?.incarnation === incarnation) {
      known.offsetMs = Math.min(known.offsetMs, arrivedAt - at)
      return false
    }
    // What a former process wrote may be sent again after its successor has begun.
    if (known && at < known.since) return false
    this.#instances.set(instance, { incarnation, since: at, offsetMs: arrivedAt - at, ended: false })
    const [first] = this.#instances.keys()
    if (this.#instances.size > keptInstances && first !== undefined) this.#instances.delete(first)
    return known !== undefined
  }

  /** A process is gone; true if it is the one that its instance was. */
  ended(instance: string, incarnation: string): boolean {
    const known = this.#instances.get(instance)
    if (known?.incarnation !== incarnation || known.ended) return false
    known.ended = true
    return true
  }

  /** Whether what an instance began at `startedAt`, by its own clock, may still be under way. */
  mayRun(instance: string, startedAt: number): boolean {
    const known = this.#instances.get(instance)
    return known === undefined || (!known.ended && startedAt >= known.since)
  }

  /** Milliseconds to add to a time of the instance for the control plane's; 0 if it is not known. */
  offsetOf(instance: string): number {
    return this.#instances.get(instance)?.offsetMs ?? 0
  }

  state(): ProcessState {
    return [...this.#instances].map(([instance, known]) => [instance, { ...known }])
  }

  restore(state: ProcessState): void {
    for (const [instance, known] of state) this.#instances.set(instance, { ...known })
  }
}
