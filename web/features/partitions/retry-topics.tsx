'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { count } from '../words/figures.ts'
import { listedRetryTopicsOf } from './partition-rows.ts'

/** The topics that retries of a topic wait in, with what waits there. Nothing where no group retries in topics. */
export function RetryTopics({ topic }: { topic: string }) {
  const partitions = useLive((live) => live.partitions)
  const topics = useMemo(() => listedRetryTopicsOf(partitions, topic), [partitions, topic])
  if (topics.length === 0) return null
  const waiting = (one: (typeof topics)[number]): number => one.groups.reduce((sum, { lag }) => sum + lag, 0)
  const sum = topics.reduce((total, one) => total + waiting(one), 0)
  return (
    <Section title="Its retry topics" aside={sum === 0 ? 'nothing waits' : `${count(sum)} wait`}>
      <table className={cn(tableClass, 'table-fixed th:px-1 td:px-1 cell-first:pl-0')}>
        <colgroup>
          <col />
          <col className="w-16" />
          <col className="w-16" />
        </colgroup>
        <thead>
          <tr>
            <th>After {topic}.</th>
            <th className="text-right">Waiting</th>
            <th className="text-right">End</th>
          </tr>
        </thead>
        <tbody>
          {topics.map((one) => (
            <tr key={`${one.topic} ${one.partition}`}>
              <td className="truncate" title={`${one.topic}, partition ${one.partition}`}>
                <code>{one.topic.slice(topic.length + 1)}</code>
              </td>
              <td className="text-right">{count(waiting(one))}</td>
              <td className="text-right">{count(one.endOffset)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
