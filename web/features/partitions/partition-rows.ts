import type { PartitionFigures } from '#contracts/api/partitions.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { count, durationWords } from '../words/figures.ts'

/** A line of a table of partitions: one group in one partition. */
export interface PartitionRow {
  key: string
  topic: string
  partition: number
  group: string
  /** Next offset that the group reads; null: it has committed none. */
  committedOffset: number | null
  committed: string
  endOffset: number
  end: string
  lag: number
  /** `1,204` */
  lagText: string
  /** `20.4 s`, `≥ 3 min`; empty without lag. */
  time: string
  instance: string | undefined
  /** `replica 2`, `nobody`. */
  reader: string
  /** Milliseconds of its lag; 0 without lag. */
  lagMs: number
}

/** The partitions of a topic that one group reads. */
export interface PartitionGroup {
  group: string
  rows: PartitionRow[]
  /** `2 of 3 read`: partitions that a replica reads now. */
  read: string
  /** Committed offsets and ends of its partitions, summed up: their difference is the lag, but for what retention took. */
  committed: string
  end: string
  lag: string
  /** The longest lag in time among its partitions. */
  time: string
}

export function partitionRows(
  partitions: readonly PartitionFigures[],
  of: { topic?: string; group?: string },
): PartitionRow[] {
  return partitions.flatMap(({ topic, partition, endOffset, groups }) =>
    groups
      .filter(
        ({ group }) => (of.topic === undefined || of.topic === topic) && (of.group === undefined || of.group === group),
      )
      .map(({ group, committed, lag, lagMs, isAtLeast, instance }) => ({
        key: `${topic} ${partition} ${group}`,
        ...{ topic, partition, group, lag, instance, lagMs: lag === 0 ? 0 : (lagMs ?? 0) },
        reader: instance === undefined ? 'nobody' : instance.replace(/^.*-(?=\d+$)/, 'replica '),
        ...{ committedOffset: committed, endOffset },
        committed: committed === null ? '–' : count(committed),
        end: count(endOffset),
        lagText: count(lag),
        time: lag === 0 || lagMs === null ? '' : `${isAtLeast ? '≥ ' : ''}${durationWords(lagMs)}`,
      })),
  )
}

/** Rows by their group, in the order in which the groups come, each with what it sums up to. */
export function byGroup(rows: readonly PartitionRow[]): PartitionGroup[] {
  const groups = new Map<string, PartitionRow[]>()
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row])
  return [...groups].map(([group, own]) => {
    const slowest = own.reduce<PartitionRow | undefined>(
      (most, row) => (row.lagMs > (most?.lagMs ?? 0) ? row : most),
      undefined,
    )
    return {
      ...{ group, rows: own, time: slowest?.time ?? '' },
      read: `${own.filter(({ instance }) => instance !== undefined).length} of ${own.length} read`,
      committed: own.every(({ committedOffset }) => committedOffset === null)
        ? '–'
        : count(own.reduce((sum, { committedOffset }) => sum + (committedOffset ?? 0), 0)),
      end: count(own.reduce((sum, { endOffset }) => sum + endOffset, 0)),
      lag: count(own.reduce((sum, { lag }) => sum + lag, 0)),
    }
  })
}

/** A topic that retries wait in, over its partitions. */
export interface RetryTopicRow {
  name: string
  partitions: number
  waiting: number
  /** How long the oldest has been there, milliseconds; undefined if none waits or it is not known. */
  oldestMs: number | undefined
  /** The longest wait by the policy, milliseconds; undefined if only redrives pass. */
  delayMs: number | undefined
  end: number
}

/** The topics that retries of a topic or of a group wait in, by group, topic and level. */
export function retryTopicRows(
  partitions: readonly PartitionFigures[],
  nodes: readonly TopologyNode[],
  of: { topic?: string; group?: string },
): RetryTopicRow[] {
  const rows = new Map<string, RetryTopicRow>()
  for (const { topic: name, retry, endOffset, groups } of partitions) {
    if (!retry || (of.group !== undefined && retry.group !== of.group)) continue
    if (of.topic !== undefined && name !== `${of.topic}.${retry.group}.retry.${retry.level}`) continue
    const node = nodes.find((one) => one.retry?.group === retry.group && one.retry.level === retry.level)
    const row = rows.get(name) ?? {
      ...{ name, partitions: 0, waiting: 0, oldestMs: undefined, end: 0 },
      delayMs: node?.retry?.delayMs,
    }
    rows.set(name, row)
    row.partitions += 1
    row.end += endOffset
    for (const { lag, lagMs } of groups) {
      row.waiting += lag
      if (lag > 0 && lagMs !== null) row.oldestMs = Math.max(row.oldestMs ?? 0, lagMs)
    }
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** A topic as it is called within a group: `order_placed retry 1` for `order_placed.consumer-db.retry.1`. */
export const topicWords = (topic: string, group: string): string => topic.replace(`.${group}.retry.`, ' retry ')

/** `0–2, 5` */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b)
  const runs: [from: number, to: number][] = []
  for (const number of sorted) {
    const last = runs.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
