'use client'

import type { ReactNode } from 'react'
import { RouteLink } from '#web/live/route-link.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { barClass, barPlace, RowGlyph } from '../message/waterfall/waterfall-bar.tsx'
import { RowName } from '../message/waterfall/waterfall-view.tsx'
import { deepest, type FlowLineRow } from './flow-rows.ts'

/** Name, lane, took. */
export const flowRowClass =
  'grid grid-cols-[208px_1fr_60px] items-center in-data-phone:max-[479px]:grid-cols-[160px_1fr_52px]'

/** Pixels for each cause above a row. */
const indent = 12
const left = (depth: number): number => indent * Math.min(depth, deepest)

/** One row of a flow's waterfall: an event, a service, or a wait, an attempt, a backoff. */
export function FlowWaterfallRow({ row, on, onSelect }: { row: FlowLineRow; on: boolean; onSelect?: () => void }) {
  const content = (
    <>
      <span
        className={cn(
          'relative flex h-5 min-w-0 items-center gap-1.5 pr-2 whitespace-nowrap text-fg-2 glyph:size-2.5 glyph:text-tone glyph:[--ink:var(--surface)]',
          toneClass[row.tone],
        )}
        style={{ paddingLeft: left(row.depth) }}
      >
        <Elbows row={row} />
        <Name row={row} />
      </span>
      <span
        className={cn(
          "relative block h-full min-h-5 before:absolute before:inset-0 before:bg-[repeating-linear-gradient(90deg,var(--line)_0_1px,transparent_1px_25%)] before:content-['']",
          row.kind === 'event' && row.depth > 0 && 'border-t border-line',
        )}
        aria-hidden="true"
      >
        {row.bars.map((bar) => (
          <i
            key={`${bar.kind} ${bar.left}`}
            className={
              bar.kind === 'again'
                ? 'absolute top-1 h-3 w-1 border border-dashed border-fg-2'
                : barClass({ ...bar, kind: bar.kind }, row.tone)
            }
            style={bar.kind === 'again' || bar.kind === 'sent' ? { left: `${bar.left.toFixed(2)}%` } : barPlace(bar)}
          />
        ))}
      </span>
      <span className="text-right whitespace-nowrap text-fg-2">{row.took}</span>
    </>
  )
  if (!onSelect) {
    return (
      <div className={flowRowClass} title={row.hint ?? row.why}>
        {content}
      </div>
    )
  }
  return (
    <button
      type="button"
      className={cn(
        flowRowClass,
        'w-full rounded-sm border-0 bg-transparent p-0 text-left hover:bg-hover',
        on && '-mx-2 w-[calc(100%+16px)] bg-hover px-2',
      )}
      title={row.hint ?? row.why}
      aria-expanded={on}
      onClick={onSelect}
    >
      {content}
    </button>
  )
}

function Name({ row }: { row: FlowLineRow }) {
  const note = row.note ? (
    <small className="min-w-0 truncate text-fg-3" title={row.note}>
      {row.note}
    </small>
  ) : null
  if (row.kind === 'event') {
    return (
      <>
        <Icon name="topic" size={12} className="flex-none text-fg-3" />
        <RouteLink
          className="mono max-w-full flex-none truncate font-medium text-fg"
          patch={{ message: row.message, attempt: undefined, tab: undefined }}
        >
          {row.label}
        </RouteLink>
        {note}
      </>
    )
  }
  const label: Record<Exclude<FlowLineRow['kind'], 'event'>, ReactNode> = {
    service: <b className="max-w-full flex-none truncate font-medium text-fg">{row.label}</b>,
    again: <s className="text-fg-3">{row.label}</s>,
    span: row.label,
    program: <RowName row={row} />,
  }
  return (
    <>
      {row.glyph === 'fault' || row.glyph === 'redriven' ? <RowGlyph glyph={row.glyph} /> : <Glyph name={row.glyph} />}
      {label[row.kind]}
      {note}
    </>
  )
}

/** Lines from the causes above: through this row, and the elbow to itself. */
function Elbows({ row }: { row: FlowLineRow }) {
  if (row.depth === 0) return null
  const own = left(row.depth - 1) + 5
  return (
    <span aria-hidden="true">
      {row.through
        .filter((depth) => depth > 0)
        .map((depth) => (
          <i key={depth} className="absolute inset-y-0 w-px bg-border" style={{ left: left(depth - 1) + 5 }} />
        ))}
      <i className={cn('absolute top-0 w-px bg-border', row.tee ? 'bottom-0' : 'bottom-2.5')} style={{ left: own }} />
      <i className="absolute top-2.25 h-px w-1.25 bg-border" style={{ left: own }} />
    </span>
  )
}
