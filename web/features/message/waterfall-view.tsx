'use client'

import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { millis } from '../words/figures.ts'
import type { Waterfall } from './waterfall-model.ts'
import type { Bar, WaterfallRow } from './waterfall-row.ts'

/** Name, lane, time; a phone has less room for the first. */
const rowClass = 'grid h-5 grid-cols-[152px_1fr_60px] items-center in-data-phone:max-[479px]:grid-cols-[148px_1fr_56px]'

interface WaterfallViewProps {
  waterfall: Waterfall
  /** `<group> <row key>` of the expanded attempt. */
  selected: string | undefined
  onSelect: (key: string) => void
}

/** The journey on one time axis. Attempts are buttons: the selected one is explained below. */
export function WaterfallView({ waterfall, selected, onSelect }: WaterfallViewProps) {
  return (
    <div className="grid">
      <div className={cn(rowClass, 'type-11 text-fg-3')}>
        <span>Publish to last effect</span>
        <span className="relative h-4" aria-hidden="true">
          {waterfall.ticks.map((tick, index) => (
            <span
              className="absolute -translate-x-1/2 whitespace-nowrap first:translate-none last:-translate-x-full in-data-phone:max-[479px]:even:hidden"
              key={tick}
              style={{ left: `${index * 25}%` }}
            >
              {tick}
            </span>
          ))}
        </span>
        <span className="text-right">Took</span>
      </div>
      <Row row={waterfall.publish} behind={waterfall.publishFaults} />
      {waterfall.publishFaults.map((row) => (
        <Row key={row.key} row={row} />
      ))}
      {waterfall.groups.map((group) => (
        <section key={group.group} aria-label={group.group}>
          <div className="mt-1 flex h-6 items-center gap-2 border-t border-line">
            <b className="font-medium">{group.group}</b>
            <Status tone={group.status.tone} glyph={group.status.glyph}>
              {group.status.label}
            </Status>
            <span className="flex-1" />
            <span className="text-fg-2">{millis(group.totalMs)}</span>
          </div>
          {group.faults.map((row) => (
            <Row key={row.key} row={row} indent />
          ))}
          {group.rows.map((row) => {
            const key = `${group.group} ${row.key}`
            return row.attempt ? (
              <Row
                key={key}
                row={row}
                behind={group.faults}
                indent
                on={key === selected}
                onSelect={() => onSelect(key)}
              />
            ) : (
              <Row key={key} row={row} behind={group.faults} indent />
            )
          })}
        </section>
      ))}
    </div>
  )
}

interface RowProps {
  row: WaterfallRow
  /** Faults whose time is shaded through the lane. */
  behind?: readonly WaterfallRow[]
  indent?: boolean
  on?: boolean
  onSelect?: () => void
}

function Row({ row, behind = [], indent = false, on = false, onSelect }: RowProps) {
  const content = (
    <>
      <span
        className={cn(
          'flex min-w-0 items-center gap-1.5 whitespace-nowrap text-fg-2 glyph:size-2.5 glyph:text-tone',
          toneClass[row.tone],
          indent && 'pl-3',
        )}
      >
        {row.glyph === 'fault' ? (
          <Icon className="size-2.5 stroke-3 text-fault" name="bolt" size={12} />
        ) : (
          <Glyph name={row.glyph} />
        )}
        {row.label} {row.note === undefined ? null : <span className="min-w-0 truncate text-fg-3">{row.note}</span>}
      </span>
      <span
        className="relative block h-5 before:absolute before:inset-0 before:bg-[repeating-linear-gradient(90deg,var(--line)_0_1px,transparent_1px_25%)] before:content-['']"
        aria-hidden="true"
      >
        {behind.flatMap((fault) =>
          fault.bars.map((bar) => (
            <i key={fault.key} className="absolute top-0 h-5 min-w-px bg-band" style={placeOf(bar)} />
          )),
        )}
        {row.bars.map((bar) => (
          <i key={bar.kind} className={barClass(bar, row)} style={placeOf(bar)} />
        ))}
      </span>
      <span className="text-right text-fg-2">{row.took}</span>
    </>
  )
  // The name of a fault says it all; what led to anything else stands below it.
  const why =
    row.why === undefined || row.tone === 'fault' ? null : (
      <p className={cn('pb-0.5 type-11 wrap-anywhere text-fg-3', indent ? 'pl-7' : 'pl-4')}>{row.why}</p>
    )
  if (!onSelect) {
    return (
      <>
        <div className={rowClass} title={row.why}>
          {content}
        </div>
        {why}
      </>
    )
  }
  return (
    <>
      <button
        type="button"
        className={cn(
          rowClass,
          'w-full rounded-sm border-0 bg-transparent p-0 text-left hover:bg-hover',
          on && '-mx-2 w-[calc(100%+16px)] bg-hover px-2',
        )}
        aria-expanded={on}
        onClick={onSelect}
      >
        {content}
      </button>
      {why}
    </>
  )
}

const placeOf = ({ left, width }: Bar) => ({ left: `${left.toFixed(2)}%`, width: `${width.toFixed(2)}%` })

const barClasses: Record<Exclude<Bar['kind'], 'handling'>, string> = {
  wait: 'absolute top-2.25 h-0.5 min-w-0.75 rounded-[1px] bg-in-flight',
  backoff: 'absolute top-1.5 h-2 min-w-0.75 rounded-[2px] border border-dashed border-retrying',
  fault: 'absolute top-1.5 h-2 min-w-0.75 rounded-[2px] bg-fault',
  mark: 'absolute top-0.75 h-3.5 w-0.5 min-w-0.5 rounded-[2px] bg-fg-2',
}
const barClass = (bar: Bar, row: WaterfallRow): string =>
  bar.kind === 'handling'
    ? cn('absolute top-1.25 h-2.5 min-w-0.75 rounded-[2px] bg-tone', toneClass[row.tone])
    : barClasses[bar.kind]
