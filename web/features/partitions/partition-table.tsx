'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { partitionRows, topicWords } from './partition-rows.ts'
import './partitions.css'

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
      <table className="table partitions">
        <thead>
          <tr>
            <th>{topic === undefined ? 'Topic / partition' : 'Partition / group'}</th>
            <th className="num">Committed</th>
            <th className="num">End</th>
            <th className="num">Lag</th>
            <th className="num">In time</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.key}
              title={row.instance === undefined ? 'no replica reads it now' : `read by ${row.instance}`}
            >
              <td className="clip">
                {topic === undefined
                  ? `${topicWords(row.topic, row.group)} / ${row.partition}`
                  : `${row.partition} / ${row.group}`}
              </td>
              <td className="num">{row.committed}</td>
              <td className="num">{row.end}</td>
              <td className="num">{row.lagText}</td>
              <td className="num">{row.time}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
