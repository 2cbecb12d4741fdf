import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'

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
