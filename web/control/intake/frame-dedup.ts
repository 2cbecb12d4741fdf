import type { DedupState } from '../journal/checkpoint-state.ts'

/** Processes that are remembered; the longest silent one is forgotten first. */
const keptIncarnations = 50_000
/** Holes that are remembered of one process. */
const keptHoles = 1_000

interface Incarnation {
  last: number
  /** Ranges of sequence numbers that were skipped, both ends included. */
  holes: [from: number, to: number][]
}

/** Tells frames that are new from those that came before, and counts the ones that are missing in between. */
export class FrameDedup {
  readonly #incarnations = new Map<string, Incarnation>()
  missing = 0

  /** True if the frame is new; it is known from now on. */
  admit(incarnation: string, seq: number): boolean {
    const known = this.#incarnations.get(incarnation) ?? { last: 0, holes: [] }
    if (seq <= known.last) return this.#fill(known, seq)
    if (seq > known.last + 1) {
      known.holes.push([known.last + 1, seq - 1])
      if (known.holes.length > keptHoles) known.holes.shift()
      this.missing += seq - known.last - 1
    }
    known.last = seq
    // Put last again, so that the first one is the longest silent.
    this.#incarnations.delete(incarnation)
    this.#incarnations.set(incarnation, known)
    const [first] = this.#incarnations.keys()
    if (this.#incarnations.size > keptIncarnations && first !== undefined) this.#incarnations.delete(first)
    return true
  }

  /** Whether `admit` would say true. */
  isNew(incarnation: string, seq: number): boolean {
    const known = this.#incarnations.get(incarnation)
    return !known || seq > known.last || known.holes.some(([from, to]) => from <= seq && seq <= to)
  }

  state(): DedupState {
    return [...this.#incarnations].map(([name, { last, holes }]) => [name, last, holes.map(([from, to]) => [from, to])])
  }

  restore(state: DedupState, missing: number): void {
    for (const [incarnation, last, holes] of state) this.#incarnations.set(incarnation, { last, holes })
    this.missing = missing
  }

  #fill(known: Incarnation, seq: number): boolean {
    const index = known.holes.findIndex(([from, to]) => from <= seq && seq <= to)
    const hole = known.holes[index]
    if (!hole) return false
    const rest: [number, number][] = []
    if (hole[0] < seq) rest.push([hole[0], seq - 1])
    if (seq < hole[1]) rest.push([seq + 1, hole[1]])
    known.holes.splice(index, 1, ...rest)
    this.missing -= 1
    return true
  }
}
