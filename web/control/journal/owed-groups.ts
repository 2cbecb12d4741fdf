import { sharedLists } from '../journeys/saved/shared-lists.ts'
import { encodeEntry, entryKind } from './entry-format.ts'

export type OwedState = [type: string, groups: string[], forAnswers: boolean][]

/**
 * Who is owed an event of a type. The answer is written into the journal before the first frame that needs it, in every
 * segment again, so that reading the journal later gives the same obligations whatever the wiring is by then.
 */
export class OwedGroups {
  readonly #current = new Map<string, readonly string[]>()
  readonly #share = sharedLists()
  /** The list that was answered last, to tell at a glance that nothing changed. */
  readonly #answered = new Map<string, readonly string[]>()
  /** Types whose entries come before answers too. */
  readonly #forAnswers = new Set<string>()
  readonly #written = new Set<string>()

  /** Types that were asked for so far. */
  get types(): Iterable<string> {
    return this.#current.keys()
  }

  groupsOf(type: string): readonly string[] {
    return this.#current.get(type) ?? []
  }

  /** The same at the answer of a publish; undefined if the journal that is read does not say. */
  atAnswer(type: string): readonly string[] | undefined {
    return this.#forAnswers.has(type) ? this.groupsOf(type) : undefined
  }

  set(type: string, groups: readonly string[], forAnswers = true): void {
    if (forAnswers) this.#forAnswers.add(type)
    else this.#forAnswers.delete(type)
    this.#current.set(type, this.#share(groups))
  }

  /** All that is known, for a checkpoint. */
  state(): OwedState {
    return [...this.#current].map(([type, groups]) => [type, [...groups], this.#forAnswers.has(type)])
  }

  restore(state: OwedState): void {
    for (const [type, groups, forAnswers] of state) this.set(type, groups, forAnswers)
  }

  /** Takes the answer of now; the entry that has to be written first, if it is news in this segment. */
  update(type: string, groups: readonly string[]): Buffer | undefined {
    if (this.#answered.get(type) === groups && this.#written.has(type)) return undefined
    const before = this.#current.get(type)
    this.set(type, groups)
    this.#answered.set(type, groups)
    if (this.#written.has(type) && before === this.#current.get(type)) return undefined
    this.#written.add(type)
    return encodeEntry(entryKind.owed, { type, groups, answers: true })
  }

  /** A new segment has begun, or what was answered could not be written. */
  forgetWritten(): void {
    this.#written.clear()
  }
}
