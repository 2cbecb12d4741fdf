'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { count, durationWords } from '../words/figures.ts'
import { type RetryTopicRow, retryTopicRows } from './partition-rows.ts'

/** The topics that retries wait in, with what waits there: of a topic, or of a group over all its topics. Nothing if none does. */
export function RetryTopics({ topic, group }: { topic?: string; group?: string }) {
  const partitions = useLive((live) => live.partitions)
  const nodes = useLive((live) => live.topology.nodes)
  const rows = useMemo(
    () =>
      retryTopicRows(partitions, nodes, {
        ...(topic === undefined ? {} : { topic }),
        ...(group === undefined ? {} : { group }),
      }),
    [partitions, nodes, topic, group],
  )
  if (rows.length === 0) return null
  const sum = rows.reduce((total, { waiting }) => total + waiting, 0)
  return (
    <Section title="Its retry topics" aside={sum === 0 ? 'nothing waits' : `${count(sum)} wait`}>
      <table className={cn(tableClass, 'table-fixed th:px-1 td:px-1 cell-first:pl-0')}>
        <colgroup>
          <col />
          <col className="w-16" />
          <col className="w-13" />
          <col className="w-14" />
          <col className="w-13" />
        </colgroup>
        <thead>
          <tr>
            <th>Topic</th>
            <th className="text-right">Delay to</th>
            <th className="text-right">Waiting</th>
            <th className="text-right">Oldest</th>
            <th className="text-right">End</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} of={topic ?? group ?? ''} />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Row({ row, of }: { row: RetryTopicRow; of: string }) {
  const partitions = row.partitions === 1 ? '1 partition' : `${row.partitions} partitions`
  return (
    <tr>
      <td className="truncate" title={`${row.name}, ${partitions}`}>
        <code>{row.name.replace(`${of}.`, '')}</code>
      </td>
      <td className="text-right whitespace-nowrap">{row.delayMs === undefined ? '–' : durationWords(row.delayMs)}</td>
      <td className={cn('text-right', row.waiting > 0 && 'font-medium text-retrying-fg')}>{count(row.waiting)}</td>
      <td className="text-right whitespace-nowrap">{row.oldestMs === undefined ? '' : durationWords(row.oldestMs)}</td>
      <td className="text-right">{count(row.end)}</td>
    </tr>
  )
}
