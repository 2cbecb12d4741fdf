'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { partitionRows, topicWords } from './partition-rows.ts'

/** Offsets and lag by partition: of a topic, by group; or of a group, over all its topics. Nothing where the broker has no partitions. */
export function PartitionTable({ topic, group }: { topic?: string; group?: string }) {
  const partitions = useLive((live) => live.partitions)
  const rows = useMemo(
    () =>
      partitionRows(partitions, {
        ...(topic === undefined ? {} : { topic }),
        ...(group === undefined ? {} : { group }),
      }),
    [partitions, topic, group],
  )
  if (rows.length === 0) return null
  const behind = rows.filter(({ lag }) => lag > 0).length
  return (
    <Section title="Partitions" aside={behind === 0 ? 'no lag' : `lag in ${behind} of ${rows.length}`}>
      <table className={cn(tableClass, 'th:px-1 td:px-1 cell-first:w-[42%] cell-first:pl-0')}>
        <thead>
          <tr>
            <th>{topic === undefined ? 'Topic / partition' : 'Partition / group'}</th>
            <th className="text-right">Committed</th>
            <th className="text-right">End</th>
            <th className="text-right">Lag</th>
            <th className="text-right">In time</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.key}
              title={row.instance === undefined ? 'no replica reads it now' : `read by ${row.instance}`}
            >
              <td>
                {topic === undefined
                  ? `${topicWords(row.topic, row.group)} / ${row.partition}`
                  : `${row.partition} / ${row.group}`}
              </td>
              <td className="text-right">{row.committed}</td>
              <td className="text-right">{row.end}</td>
              <td className="text-right">{row.lagText}</td>
              <td className="text-right">{row.time}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
