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
  /** How long the oldest of them has been there, milliseconds; undefined where none waits or it is not known. */
  oldestMs: number | undefined
  /** Messages that ever came. */
  came: number
}

/**
 * What flows through the retry topics of a broker that has them. No record names them, so it is counted by the offsets of each look: what
 * came since the look before, and what was read. A topic that was made again, or of another broker, begins at its next look.
 */
export class RetryMeters {
  readonly #flow: FlowMeters
  #latest = new Map<string, KnownRetries>()

  constructor(flow: FlowMeters) {
    this.#flow = flow
  }

  /** What the broker counts now; none where it has no retry topics. */
  take(levels: readonly KnownRetries[]): void {
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

  /** Groups whose retries wait in topics of their own. */
  groups(): Set<string> {
    return new Set([...this.#latest.values()].map(({ group }) => group))
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
