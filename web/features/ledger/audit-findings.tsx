'use client'
import { useMemo, useState } from 'react'
import type { Disagreement } from '#contracts/api/audit.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Select } from '#web/ui/field.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { messageIdClass, tableClass } from '#web/ui/recipes/table.ts'
import { Seg } from '#web/ui/seg.tsx'
import { Status } from '#web/ui/status.tsx'
import { count } from '../words/figures.ts'
import { type FindingRow, findingRowsOf, listedFindings } from './audit-counts.ts'
import { weightView } from './audit-words.ts'

/** Kinds that have room beside each other; more are in a list. */
const choicesMost = 4

/** Every disagreement of an audit, a row a message and field. */
export function AuditFindings({ disagreements }: { disagreements: readonly Disagreement[] }) {
  const [asked, setKind] = useState<Disagreement['kind'] | 'all'>('all')
  const kinds = useMemo(() => {
    const counts = new Map<Disagreement['kind'], number>()
    for (const { kind, count: of } of disagreements) counts.set(kind, (counts.get(kind) ?? 0) + of)
    return [...counts]
  }, [disagreements])
  const kind = kinds.some(([one]) => one === asked) ? asked : 'all'
  const rows = useMemo(() => findingRowsOf(disagreements, kind), [disagreements, kind])
  if (disagreements.length === 0) return null
  const sum = kinds.reduce((all, [, of]) => all + of, 0)
  const options = [['all', sum] as const, ...kinds].map(([value, of]) => ({
    value,
    label: `${value === 'all' ? 'All' : value} ${count(of)}`,
  }))
  return (
    <section aria-label="Disagreements">
      <div className="flex min-h-9 flex-wrap items-center gap-2 border-y border-line px-4 py-1">
        <h3 className="type-12 font-semibold">Disagreements</h3>
        <span className="type-11 text-fg-3">
          {rows.length < listedFindings ? count(sum) : `the first ${count(listedFindings)} rows`}
        </span>
        <span className="flex-1" />
        {kinds.length < 2 ? null : kinds.length <= choicesMost ? (
          <Seg label="Kind of finding" value={kind} options={options} onChange={setKind} />
        ) : (
          <Select
            aria-label="Kind of finding"
            boxClass="w-60"
            value={kind}
            onChange={({ target }) => setKind(options.find(({ value }) => value === target.value)?.value ?? 'all')}
          >
            {options.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </div>
      <div className="overflow-x-auto">
        <table className={cn(tableClass, 'min-w-240')}>
          <colgroup>
            <col className="w-44" />
            <col className="w-60" />
            <col className="w-32" />
            <col className="w-36" />
            <col className="w-40" />
            <col className="w-40" />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th>Finding</th>
              <th>Message</th>
              <th>Group</th>
              <th>Field</th>
              <th>Published</th>
              <th>Found</th>
              <th>What it means</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Finding key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Finding({ row: { kind, weight, id, group, field, expected, actual, detail, more } }: { row: FindingRow }) {
  const { tone, glyph, word } = weightView[weight]
  return (
    <tr>
      <td title={word}>
        <Status tone={tone} glyph={glyph}>
          {kind}
        </Status>
      </td>
      <td className={messageIdClass} title={id}>
        {more !== undefined ? (
          `and ${count(more)} more`
        ) : id === undefined ? (
          '–'
        ) : (
          <RouteLink
            path="/"
            patch={{ message: id, node: undefined, edge: undefined, attempt: undefined, tab: undefined }}
          >
            {id}
          </RouteLink>
        )}
      </td>
      <td title={group || undefined}>{group || '–'}</td>
      <td className="type-mono-11" title={field || undefined}>
        {field}
      </td>
      <td className="type-mono-11" title={expected || undefined}>
        {expected}
      </td>
      <td className={cn('type-mono-11', weight === 'fail' && 'font-medium')} title={actual || undefined}>
        {actual}
      </td>
      <td title={detail}>{detail}</td>
    </tr>
  )
}
