import type { FlowKinds } from './flow-kinds.ts'
import { type FlowStore, flowFlag } from './flow-store.ts'

/** Rows that one look passes over for each kind at most: the rest follows with the next. */
const passedPerLook = 200_000

/** Which flows have run out of time. Flows of a kind are due in the order in which they began. */
export class Deadlines {
  readonly #store: FlowStore
  readonly #kinds: FlowKinds
  /** By kind, the row up to which deadlines have passed. */
  readonly #passed = new Map<number, number>()
  /** Rows that are to be looked at though they were skipped. */
  readonly #again = new Set<number>()

  constructor(store: FlowStore, kinds: FlowKinds) {
    this.#store = store
    this.#kinds = kinds
  }

  /** The flow may be due though it was skipped: it was not under way then. */
  lookAgain(row: number): void {
    if (row < (this.#passed.get(this.#store.flows.get(row, 'kind')) ?? 0)) this.#again.add(row)
  }

  forget(row: number): void {
    this.#again.delete(row)
  }

  /** Calls `pass` for rows whose time is over at `now`, epoch milliseconds; each once, unless it is to be looked at again. */
  look(now: number, pass: (row: number) => void): void {
    for (const row of this.#again) {
      if (!this.#isPast(row, now)) continue
      this.#again.delete(row)
      pass(row)
    }
    for (const kind of this.#kinds.all().keys()) this.#goOn(kind, now, pass)
  }

  #goOn(kind: number, now: number, pass: (row: number) => void): void {
    const { flows } = this.#store
    let row = flows.from(this.#passed.get(kind) ?? 0)
    for (let looked = 0; row < flows.next && looked < passedPerLook; looked += 1) {
      if (this.#store.has(row, flowFlag.kept) && flows.get(row, 'kind') === kind) {
        if (!this.#isPast(row, now)) break
        pass(row)
      }
      row = flows.from(row + 1)
    }
    this.#passed.set(kind, row)
  }

  #isPast(row: number, now: number): boolean {
    const { flows } = this.#store
    return flows.get(row, 'startedAt') + this.#kinds.at(flows.get(row, 'kind')).declaration.withinMs <= now
  }
}
