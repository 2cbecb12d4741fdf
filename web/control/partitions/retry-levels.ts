import type { PartitionFigures } from '#contracts/api/partitions.ts'

/** The retry topics of one group after one attempt, over all topics of the group. */
export interface RetryLevel {
  group: string
  /** From 1. */
  level: number
  /** Messages that wait for their time or for the group to read them. */
  waiting: number
  /** How long the oldest of them has been there, milliseconds; undefined if none waits or it is not known. */
  oldestMs: number | undefined
  /** Messages that ever came, by the ends of the logs. */
  came: number
}

/** Sums partitions of retry topics up by group and level, in this order. */
export function retryLevels(partitions: readonly PartitionFigures[]): RetryLevel[] {
  const levels = new Map<string, RetryLevel>()
  for (const { retry, groups, endOffset } of partitions) {
    if (!retry) continue
    const key = `${retry.group} ${retry.level}`
    const sum = levels.get(key) ?? { ...retry, waiting: 0, oldestMs: undefined, came: 0 }
    levels.set(key, sum)
    sum.came += endOffset
    for (const { group, lag, lagMs } of groups) {
      if (group !== retry.group || lag === 0) continue
      sum.waiting += lag
      if (lagMs !== null) sum.oldestMs = Math.max(sum.oldestMs ?? 0, lagMs)
    }
  }
  return [...levels.values()].sort((a, b) => a.group.localeCompare(b.group) || a.level - b.level)
}

/** How long the oldest message of a group that it has not read has been in the topics themselves, milliseconds; no entry if none waits. */
export function oldestUnread(partitions: readonly PartitionFigures[]): Map<string, number> {
  const oldest = new Map<string, number>()
  for (const { retry, groups } of partitions) {
    if (retry) continue
    for (const { group, lag, lagMs } of groups)
      if (lag > 0 && lagMs !== null) oldest.set(group, Math.max(oldest.get(group) ?? 0, lagMs))
  }
  return oldest
}
