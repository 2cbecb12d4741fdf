import type { PartitionFigures } from '#contracts/api/partitions.ts'
import { count, duration } from '../words/figures.ts'

/** A line of a table of partitions: one group in one partition. */
export interface PartitionRow {
  key: string
  topic: string
  partition: number
  group: string
  committed: string
  end: string
  lag: number
  /** `1,204` */
  lagText: string
  /** `20.4 s`, `≥ 3 min`; empty without lag. */
  time: string
  instance: string | undefined
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
        ...{ topic, partition, group, lag, instance },
        committed: committed === null ? '–' : count(committed),
        end: count(endOffset),
        lagText: count(lag),
        time: lag === 0 || lagMs === null ? '' : `${isAtLeast ? '≥ ' : ''}${duration(lagMs)}`,
      })),
  )
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
