import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'

/** Messages of one topic and type, by what became of the publish. `attempted` counts all of them. */
export interface PublishCounts {
  attempted: number
  /** Not answered yet. */
  open: number
  acked: number
  failed: number
  indeterminate: number
  recovered: number
  absent: number
}
export const publishOutcomes = ['open', 'acked', 'failed', 'indeterminate', 'recovered', 'absent'] as const

/** Obligations of one group from one topic by their state, and the work they made. `owed` counts all of them. */
export interface GroupCounts {
  owed: number
  /** Owed since the broker has the message and the group takes its type: the publishing side's own tally. */
  expected: number
  /** Owed only because the group spoke of it: its publish is not known to have arrived, or the wiring changed. */
  unexpected: number
  waiting: number
  handling: number
  retrying: number
  delivered: number
  deadLettered: number
  lost: number
  /** Dead letters that must be in the group's dead-letter queue, by telemetry. */
  parked: number
  /** Handler runs that began, the first ones included. */
  deliveries: number
  /** Handler runs that ended, well or not. */
  attempts: number
  /** Handler runs that failed. */
  errors: number
  /** Handler runs after the first of the same message. */
  retries: number
  /** Delivered obligations of which the service itself said what it did. */
  reported: number
}
export const obligationCounts = ['waiting', 'handling', 'retrying', 'delivered', 'deadLettered', 'lost'] as const

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
  open: 0,
  acked: 0,
  failed: 0,
  indeterminate: 0,
  recovered: 0,
  absent: 0,
})

export const newGroupCounts = (): GroupCounts => ({
  owed: 0,
  expected: 0,
  unexpected: 0,
  waiting: 0,
  handling: 0,
  retrying: 0,
  delivered: 0,
  deadLettered: 0,
  lost: 0,
  parked: 0,
  deliveries: 0,
  attempts: 0,
  errors: 0,
  retries: 0,
  reported: 0,
})

/**
 * Dead letters that are no events of a producer, by the broker and group that gave them up: no obligation has them, and the broker still
 * counts them.
 */
export interface UnnamedLetters {
  /** Fewer by a negative count, where they went back to their group. */
  add(broker: BrokerName, group: string, count: number): void
  of(broker: BrokerName, group: string): number
  /** For a checkpoint. */
  state(): [place: string, count: number][]
  /** A place without a broker is of a checkpoint from before there was a choice. */
  restore(state: readonly (readonly [place: string, count: number])[]): void
}

export function createUnnamedLetters(): UnnamedLetters {
  const counts = new Map<string, number>()
  const placeOf = (broker: BrokerName, group: string): string => `${broker} ${group}`
  return {
    add(broker, group, count) {
      const place = placeOf(broker, group)
      counts.set(place, (counts.get(place) ?? 0) + count)
    },
    of: (broker, group) => Math.max(0, counts.get(placeOf(broker, group)) ?? 0),
    state: () => [...counts],
    restore(state) {
      for (const [place, count] of state) counts.set(place.includes(' ') ? place : placeOf(defaultBroker, place), count)
    },
  }
}
