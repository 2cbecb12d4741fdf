'use client'

import { useMemo, useState } from 'react'
import type { FlowView } from '#contracts/api/flow.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { sectionClass } from '#web/ui/recipes/panel-parts.ts'
import { useKnownFaults } from '../faults/known-faults.ts'
import { AttemptDetail } from '../message/attempt-detail.tsx'
import { ProgramSpanDetail } from '../message/waterfall/program-span-detail.tsx'
import { SpanKey } from '../message/waterfall/program-spans-legend.tsx'
import { count } from '../words/figures.ts'
import { FlowWaterfallRow, flowRowClass } from './flow-row.tsx'
import { type FlowLineRow, flowWaterfall } from './flow-rows.ts'

/** Rows that are drawn until the reader asks for all. */
const rowsAtFirst = 300

/** Cause to effect on one time axis; the attempt that is chosen is described below. */
export function FlowWaterfallTab({ flow }: { flow: FlowView }) {
  const moving = flow.state === 'open' || flow.unsettled > 0
  const now = useLive((live) => (moving ? live.at : 0))
  const faults = useKnownFaults()
  const { ticks, rows } = useMemo(
    () => flowWaterfall(flow, now || Date.parse(flow.startedAt), faults),
    [flow, now, faults],
  )
  const [all, setAll] = useState(false)
  const chosen = useParam('attempt')
  const preset = rows.findLast(({ selected }) => selected?.attempt.error !== undefined)
  const open = chosen === undefined ? preset : rows.find(({ key }) => key === chosen)
  const isProgram = rows.some(({ program }) => program !== undefined)
  const again = rows.filter(({ kind }) => kind === 'again')
  const shown = all ? rows : rows.slice(0, rowsAtFirst)
  const select = (row: FlowLineRow): void =>
    setParams({ attempt: row.key === open?.key ? 'none' : row.key }, { replace: true })
  return (
    <>
      <section className={sectionClass} aria-label="Waterfall">
        <div className={`${flowRowClass} h-5 type-11 text-fg-3`}>
          <span>Cause to effect</span>
          <span className="relative h-4" aria-hidden="true">
            {ticks.map(({ text, at }) => (
              <span
                className="absolute -translate-x-1/2 whitespace-nowrap first:translate-none last:-translate-x-full"
                key={at}
                style={{ left: `${at.toFixed(2)}%` }}
              >
                {text}
              </span>
            ))}
          </span>
          <span className="text-right">Took</span>
        </div>
        <div className="grid">
          {shown.map((row) => (
            <FlowWaterfallRow
              key={row.key}
              row={row}
              on={row.key === open?.key}
              {...(row.selected || row.program ? { onSelect: () => select(row) } : {})}
            />
          ))}
        </div>
        {shown.length === rows.length ? null : (
          <Button small variant="ghost" onClick={() => setAll(true)}>
            {count(rows.length - shown.length)} more rows
          </Button>
        )}
        {flow.dropped === 0 ? null : (
          <p className="text-fg-3">
            {count(flow.dropped)} of its events are no longer kept: what they caused is at the left edge.
          </p>
        )}
        <Legend again={again.length > 0} program={isProgram} />
      </section>
      {open?.selected ? (
        <AttemptDetail
          selected={{ group: open.selected.group, key: open.key, attempt: open.selected.attempt }}
          journey={open.selected.journey}
          givenUp={false}
        />
      ) : null}
      {open?.program ? <ProgramSpanDetail {...open.program} /> : null}
      {again.map((row) => (
        <section className={sectionClass} key={row.key}>
          <p>
            <b>{rows.find(({ key }) => key === row.message)?.label}, sent again</b>{' '}
            <span className="text-fg-3">suppressed</span>{' '}
            <RouteLink className="type-11" patch={{ message: row.message, attempt: undefined, tab: undefined }}>
              The one that was let through
            </RouteLink>
          </p>
          <p className="text-fg-2">{row.why}.</p>
        </section>
      ))}
    </>
  )
}

const Legend = ({ again, program }: { again: boolean; program: boolean }) => (
  <p className="flex flex-wrap items-center gap-x-4 type-11 text-fg-3">
    {program ? <SpanKey /> : null}
    <span className="inline-flex items-center gap-1.5">
      <i className="h-3.5 w-0.5 rounded-[2px] bg-accent" aria-hidden="true" />
      event sent
    </span>
    {again ? (
      <span className="inline-flex items-center gap-1.5">
        <i className="h-3 w-1 border border-dashed border-fg-2" aria-hidden="true" />
        suppressed
      </span>
    ) : null}
    <span className="inline-flex items-center gap-1.5">
      <Icon name="topic" size={12} />
      event; its name opens the message
    </span>
  </p>
)
