'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { byGroup, type PartitionGroup, type PartitionRow, partitionRows, topicWords } from './partition-rows.ts'
import { RetryTopics } from './retry-topics.tsx'

/** Offsets and lag by partition: of a topic, by group; or of a group, over all its topics. Nothing where the broker has no partitions. */
export function PartitionTable({ topic, group }: { topic?: string; group?: string }) {
  const partitions = useLive((live) => live.partitions)
  const groups = useMemo(
    () =>
      byGroup(
        partitionRows(partitions, {
          ...(topic === undefined ? {} : { topic }),
          ...(group === undefined ? {} : { group }),
        }),
      ),
    [partitions, topic, group],
  )
  const rows = groups.flatMap((one) => one.rows)
  if (rows.length === 0) return null
  const behind = rows.filter(({ lag }) => lag > 0).length
  const longest = Math.max(1, ...rows.map(({ lag }) => lag))
  return (
    <>
      <Section
        title="Partitions by group"
        aside={`${behind === 0 ? 'no lag' : `lag in ${behind} of ${rows.length}`}${topic === undefined ? '' : '; bar: lag, to one scale'}`}
      >
        <table className={cn(tableClass, 'table-fixed th:px-1 td:px-1 cell-first:pl-0')}>
          <colgroup>
            <col className={topic === undefined ? undefined : 'w-14'} />
            <col className={topic === undefined ? 'w-21' : 'w-29'} />
            {topic === undefined ? null : <col />}
            <col className={topic === undefined ? undefined : 'w-16'} />
            <col className={topic === undefined ? 'w-13' : 'w-14'} />
            <col className="w-12" />
            <col className={topic === undefined ? 'w-14' : 'w-17'} />
          </colgroup>
          <thead>
            <tr>
              <th>{topic === undefined ? 'Topic / no.' : 'Partition'}</th>
              <th>Read by</th>
              {topic === undefined ? null : <th aria-label="Lag, to one scale" />}
              <th className="text-right">Committed</th>
              <th className="text-right">End</th>
              <th className="text-right">Lag</th>
              <th className="text-right">In time</th>
            </tr>
          </thead>
          {groups.map((one) => (
            <GroupRows key={one.group} of={one} longest={longest} withTopic={topic === undefined} />
          ))}
        </table>
      </Section>
      {topic === undefined ? null : <RetryTopics topic={topic} />}
    </>
  )
}

function GroupRows({ of, longest, withTopic }: { of: PartitionGroup; longest: number; withTopic: boolean }) {
  return (
    <tbody>
      <tr className="*:bg-sunken">
        <th
          scope="rowgroup"
          colSpan={withTopic ? 2 : 3}
          className="truncate text-left font-medium text-fg"
          title={of.group}
        >
          {of.group} <span className="font-normal text-fg-3">{of.read}</span>
        </th>
        <td className="text-right font-medium">{of.committed}</td>
        <td className="text-right font-medium">{of.end}</td>
        <td className="text-right font-medium">{of.lag}</td>
        <td className="text-right font-medium">{of.time}</td>
      </tr>
      {of.rows.map((row) => (
        <Row key={row.key} row={row} longest={longest} withTopic={withTopic} />
      ))}
    </tbody>
  )
}

function Row({ row, longest, withTopic }: { row: PartitionRow; longest: number; withTopic: boolean }) {
  const unread = row.instance === undefined
  const name = withTopic ? `${topicWords(row.topic, row.group)} / ${row.partition}` : String(row.partition)
  return (
    <tr className={cn(unread && row.lag > 0 && 'font-medium')}>
      <td className="truncate" title={name}>
        {name}
      </td>
      <td title={unread ? 'No replica reads it now' : `Read by ${row.instance}`}>
        <span
          className={cn('inline-flex items-center gap-1.5 glyph:size-2.5', unread ? 'tone-idle' : 'tone-delivered')}
        >
          <Glyph name={unread ? 'unreachable' : 'up'} className="text-tone" />
          {row.reader}
        </span>
      </td>
      {withTopic ? null : (
        <td>
          <LagBar row={row} longest={longest} />
        </td>
      )}
      <td className="text-right">{row.committed}</td>
      <td className="text-right">{row.end}</td>
      <td className="relative text-right">
        {row.lagText}
        {withTopic && row.lag > 0 ? (
          <i
            className="absolute right-1 bottom-0.5 h-0.5 min-w-0.5 rounded-[1px] bg-in-flight"
            style={{ width: `calc(${(row.lag / longest) * 100}% - 8px)` }}
            aria-hidden="true"
          />
        ) : null}
      </td>
      <td className="text-right whitespace-nowrap">{row.time}</td>
    </tr>
  )
}

/** The lag beside those of the other partitions, all to one scale. */
const LagBar = ({ row: { lag }, longest }: { row: PartitionRow; longest: number }) => (
  <span className="block h-1 rounded-[2px] bg-sunken" aria-hidden="true">
    <i
      className="block h-full min-w-px rounded-[2px] bg-in-flight"
      style={{ width: `${(lag / longest) * 100}%`, visibility: lag === 0 ? 'hidden' : undefined }}
    />
  </span>
)
