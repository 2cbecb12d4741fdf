import type { GroupMember, PartitionFigures } from '#contracts/api/partitions.ts'
import type { GroupAssignedRecord } from '#contracts/protocols/telemetry.ts'
import type { PartitionState } from '#workers/broker/broker.ts'
import { EndHistory } from './end-history.ts'
import { oldestUnread, type RetryLevel, retryLevels } from './retry-levels.ts'

export interface PartitionWatch {
  /**
   * What the broker counts now; undefined if it has no partitions. Answers `retries()`, and by group how long its oldest unread message
   * has been there, milliseconds.
   */
  take(partitions: readonly PartitionState[] | undefined): { retries: RetryLevel[]; oldest: Map<string, number> }
  /** What a replica was given to read. */
  assigned(record: GroupAssignedRecord): void
  /** By topic and partition. */
  figures(): PartitionFigures[]
  /** Retry topics by group and level, each over all topics of its group; none where retries wait elsewhere. */
  retries(): RetryLevel[]
  /** By group and replica; those that read nothing are left out. */
  members(): GroupMember[]
}

/** Offsets, lag and owners of partitions, of the broker of now. */
export function createPartitionWatch(now: () => number): PartitionWatch {
  const ends = new Map<string, EndHistory>()
  const members = new Map<string, GroupMember>()
  /** Undefined while the broker of now has none. */
  let latest: readonly PartitionState[] | undefined

  const owner = (group: string, topic: string, partition: number): string | undefined => {
    for (const member of members.values()) {
      if (member.group !== group) continue
      if (member.partitions.some((one) => one.topic === topic && one.partitions.includes(partition)))
        return member.instance
    }
    return undefined
  }

  function progress({ topic, partition, startOffset, endOffset, groups, retry }: PartitionState): PartitionFigures {
    const history = ends.get(`${topic} ${partition}`)
    return {
      ...{ topic, partition, startOffset, endOffset, ...(retry ? { retry } : {}) },
      groups: groups.map(({ group, committed }) => {
        const next = Math.max(committed ?? startOffset, startOffset)
        const lag = Math.max(0, endOffset - next)
        const passed = lag === 0 ? undefined : history?.passedAt(next)
        const instance = owner(group, topic, partition)
        return {
          ...{ group, committed, lag },
          lagMs: lag === 0 ? 0 : passed ? Math.max(0, now() - passed.at) : null,
          isAtLeast: passed?.isAtMost ?? false,
          ...(instance === undefined ? {} : { instance }),
        }
      }),
    }
  }

  const figures = (): PartitionFigures[] => (latest ?? []).map(progress)
  const retries = (): RetryLevel[] => retryLevels(figures())

  return {
    take(partitions) {
      // Who read the former broker reads it no more. Who joined already the one that the lab is moving to stays.
      if (partitions === undefined && latest !== undefined) members.clear()
      latest = partitions
      const at = now()
      const standing = new Set<string>()
      for (const { topic, partition, endOffset } of latest ?? []) {
        const key = `${topic} ${partition}`
        standing.add(key)
        const history = ends.get(key) ?? new EndHistory()
        ends.set(key, history)
        history.add(at, endOffset)
      }
      for (const key of ends.keys()) if (!standing.has(key)) ends.delete(key)
      return { retries: retries(), oldest: oldestUnread(figures()) }
    },
    assigned({ at, group, instance, memberId, generation, partitions, reason }) {
      if (partitions.length === 0) members.delete(instance)
      else
        members.set(instance, {
          group,
          instance,
          memberId,
          generation,
          partitions,
          reason,
          since: new Date(at).toISOString(),
        })
    },
    ...{ figures, retries },
    members: () => {
      // A broker without partitions has no members either.
      const known = latest === undefined ? [] : [...members.values()]
      return known.sort((a, b) => a.group.localeCompare(b.group) || a.instance.localeCompare(b.instance))
    },
  }
}
