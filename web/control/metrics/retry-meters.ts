import type { Figures } from '#contracts/api/live.ts'
import { nodeId, retryTopicNodeOf } from '#contracts/api/topology.ts'
import type { FlowMeters } from './flow-meters.ts'

/** What is in the retry topics of one group after one attempt, over all topics of the group. */
export interface KnownRetries {
  group: string
  /** From 1. */
  level: number
  /** Messages that wait there. */
  waiting: number
  /** How long the oldest of them has been there, milliseconds; undefined if none waits or it is not known. */
  oldestMs: number | undefined
  /** Messages that ever came. */
  came: number
}

/** What the broker counts in partitions. */
export interface KnownPartitions {
  retries: readonly KnownRetries[]
  /** By group: how long its oldest unread message waits, milliseconds; no entry if none does. */
  oldest: ReadonlyMap<string, number>
}

/**
 * What flows through the retry topics of a broker that has them. No record names them, so it is counted by the offsets of each look: what
 * came since the look before, and what was read. A topic that was made again, or of another broker, begins at its next look.
 */
export class RetryMeters {
  readonly #flow: FlowMeters
  #latest = new Map<string, KnownRetries>()
  #oldest: ReadonlyMap<string, number> = new Map()

  constructor(flow: FlowMeters) {
    this.#flow = flow
  }

  /** What the broker counts now; none if it has no retry topics. */
  take({ retries: levels, oldest }: KnownPartitions): void {
    this.#oldest = oldest
    const before = this.#latest
    this.#latest = new Map(levels.map((level) => [retryTopicNodeOf(level.group, level.level), level]))
    for (const [id, now] of this.#latest) {
      const last = before.get(id)
      if (last === undefined || now.came < last.came) continue
      const consumer = nodeId('consumer', now.group)
      const came = now.came - last.came
      this.#flow.meter(id).flow.add(came, false)
      this.#flow.edge(consumer, id).flow.add(came, false)
      this.#flow.edge(id, consumer).flow.add(Math.max(0, came + last.waiting - now.waiting), false)
    }
  }

  /** Groups whose retries wait in topics of their own, each with how long its oldest unread message waits, 0 if none does. */
  groups(): Map<string, number> {
    return new Map([...this.#latest.values()].map(({ group }) => [group, this.#oldest.get(group) ?? 0]))
  }

  /** Messages per second that a group takes from its retry topics. */
  takenPerSecond(group: string): number {
    let sum = 0
    for (const [id, level] of this.#latest)
      if (level.group === group) sum += this.#flow.edge(id, nodeId('consumer', group)).flow.ratePerSecond
    return sum
  }

  /** By node id: what waits there and since when. */
  depths(): Map<string, Pick<Figures, 'depth' | 'oldestAgeMs'>> {
    return new Map(
      [...this.#latest].map(([id, { waiting, oldestMs }]) => [
        id,
        { depth: waiting, ...(oldestMs === undefined ? {} : { oldestAgeMs: oldestMs }) },
      ]),
    )
  }
}
