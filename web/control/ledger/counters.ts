/** Messages of one topic and type, by what became of the publish. `attempted` counts all of them. */
export interface PublishCounts {
  attempted: number
  acked: number
  failed: number
  indeterminate: number
  recovered: number
}

/** Obligations of one group from one topic, and the work they made. */
export interface GroupCounts {
  owed: number
  delivered: number
  deadLettered: number
  /** Handler runs that began, the first ones included. */
  deliveries: number
  /** Handler runs that ended, well or not. */
  attempts: number
  /** Handler runs that failed. */
  errors: number
  /** Handler runs after the first of the same message. */
  retries: number
}

/** Counts by a pair of names, `topic` and `type` or `topic` and `group`. */
export class PairCounts<Counts extends object> {
  readonly #entries = new Map<string, Map<string, Counts>>()
  readonly #make: () => Counts

  constructor(make: () => Counts) {
    this.#make = make
  }

  at(first: string, second: string): Counts {
    let inner = this.#entries.get(first)
    if (!inner) {
      inner = new Map()
      this.#entries.set(first, inner)
    }
    let counts = inner.get(second)
    if (!counts) {
      counts = this.#make()
      inner.set(second, counts)
    }
    return counts
  }

  *entries(): Generator<[first: string, second: string, counts: Counts]> {
    for (const [first, inner] of this.#entries) for (const [second, counts] of inner) yield [first, second, counts]
  }
}

export const newPublishCounts = (): PublishCounts => ({
  attempted: 0,
  acked: 0,
  failed: 0,
  indeterminate: 0,
  recovered: 0,
})

export const newGroupCounts = (): GroupCounts => ({
  owed: 0,
  delivered: 0,
  deadLettered: 0,
  deliveries: 0,
  attempts: 0,
  errors: 0,
  retries: 0,
})
