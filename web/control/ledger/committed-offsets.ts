import type { PartitionState } from '#workers/broker/broker.ts'

/** What a broker with partitions says of one place in a log: `partition@offset`. */
export class CommittedOffsets {
  readonly #partitions = new Map<string, PartitionState>()

  constructor(partitions: readonly PartitionState[]) {
    for (const state of partitions) this.#partitions.set(keyOf(state.topic, state.partition), state)
  }

  /** Groups that read any of the partitions. */
  groups(): Set<string> {
    return new Set([...this.#partitions.values()].flatMap(({ groups }) => groups.map(({ group }) => group)))
  }

  /** Whether the group has committed past the record, so that it will not be given it any more. */
  hasPassed(topic: string, ref: string | undefined, group: string): boolean {
    const found = this.#at(topic, ref)
    const committed = found?.state.groups.find((reader) => reader.group === group)?.committed ?? null
    return found !== undefined && committed !== null && committed > found.offset
  }

  /** Whether the log ends before the record. */
  endsBefore(topic: string, ref: string | undefined): boolean {
    const found = this.#at(topic, ref)
    return found !== undefined && found.offset >= found.state.endOffset
  }

  #at(topic: string, ref: string | undefined): { state: PartitionState; offset: number } | undefined {
    const place = ref === undefined ? null : /^(\d+)@(\d+)$/.exec(ref)
    const state = place ? this.#partitions.get(keyOf(topic, Number(place[1]))) : undefined
    return state && { state, offset: Number(place?.[2]) }
  }
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`
