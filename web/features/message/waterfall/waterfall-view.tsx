'use client'

import { Fragment, useState } from 'react'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { durationWords, millis } from '../../words/figures.ts'
import { barClass, barPlace, RowGlyph } from './waterfall-bar.tsx'
import type { Waterfall } from './waterfall-model.ts'
import type { WaterfallRow } from './waterfall-row.ts'

/** Name, lane, planned, took; a phone has less room for the first. */
const rowClass =
  'grid grid-cols-[180px_1fr_52px_68px] items-center in-data-phone:max-[479px]:grid-cols-[140px_1fr_44px_60px]'

interface WaterfallViewProps {
  waterfall: Waterfall
  /** `<group> <row key>` of the expanded attempt. */
  selected: string | undefined
  onSelect: (key: string) => void
}

/** The journey on one time axis. Attempts are buttons: the selected one is explained below. */
export function WaterfallView({ waterfall, selected, onSelect }: WaterfallViewProps) {
  const { cut } = waterfall
  return (
    <div className="grid">
      <div className={cn(rowClass, 'h-5 type-11 text-fg-3')}>
        <span>Since publish</span>
        <span className="relative h-4" aria-hidden="true">
          {waterfall.ticks.map(({ text, at }) => (
            <span
              className="absolute -translate-x-1/2 whitespace-nowrap first:translate-none last:-translate-x-full in-data-phone:max-[479px]:even:hidden"
              key={at}
              style={{ left: `${at.toFixed(2)}%` }}
            >
              {text}
            </span>
          ))}
        </span>
        <span className="text-right">Planned</span>
        <span className="text-right">Took</span>
      </div>
      <Row row={waterfall.publish} behind={waterfall.publishFaults} cut={cut} />
      {waterfall.publishFaults.map((row) => (
        <Row key={row.key} row={row} cut={cut} />
      ))}
      {waterfall.groups.map((group) => (
        <section key={group.group} aria-label={group.group}>
          <div className="mt-1 flex h-6 items-center gap-2 border-t border-line">
            <b className="font-medium">{group.group}</b>
            <Status tone={group.status.tone} glyph={group.status.glyph}>
              {group.status.label}
            </Status>
            <span className="flex-1" />
            <span className="text-fg-2">{took(group.totalMs)}</span>
          </div>
          {group.faults.map((row) => (
            <Row key={row.key} row={row} cut={cut} depth={1} />
          ))}
          {group.rows.map((row) => {
            const key = `${group.group} ${row.key}`
            return row.attempt ? (
              <Fragment key={key}>
                <Row
                  row={row}
                  behind={group.faults}
                  cut={cut}
                  depth={1}
                  on={key === selected}
                  onSelect={() => onSelect(key)}
                />
                {row.inner === undefined ? null : (
                  <InnerRows
                    rows={row.inner}
                    {...{ cut, selected, onSelect }}
                    group={group.group}
                    behind={group.faults}
                  />
                )}
              </Fragment>
            ) : (
              <Row key={key} row={row} behind={group.faults} cut={cut} depth={1} />
            )
          })}
        </section>
      ))}
    </div>
  )
}

/** Spans of one attempt that are drawn until the reader asks for all. */
const innerAtFirst = 20

/** What a program reported of one attempt, indented by what it is part of. */
function InnerRows({
  rows,
  group,
  behind = [],
  cut,
  selected,
  onSelect,
}: { rows: readonly WaterfallRow[]; group: string } & Pick<WaterfallViewProps, 'selected' | 'onSelect'> &
  Pick<RowProps, 'cut' | 'behind'>) {
  const [all, setAll] = useState(false)
  const keyOf = (row: WaterfallRow): string => `${group} ${row.key}`
  const whole = all || rows.slice(innerAtFirst).some((row) => keyOf(row) === selected)
  const shown = whole ? rows : rows.slice(0, innerAtFirst)
  return (
    <>
      {shown.map((row) => (
        <Row
          key={row.key}
          row={row}
          behind={behind}
          cut={cut}
          depth={2 + (row.program?.span.depth ?? 0)}
          on={keyOf(row) === selected}
          onSelect={() => onSelect(keyOf(row))}
        />
      ))}
      {shown.length === rows.length ? null : (
        <Button small variant="ghost" className="justify-self-start" onClick={() => setAll(true)}>
          {rows.length - shown.length} more spans
        </Button>
      )}
    </>
  )
}

interface RowProps {
  row: WaterfallRow
  /** Time that the axis leaves out. */
  cut: Waterfall['cut']
  /** Faults whose time is shaded through the lane. */
  behind?: readonly WaterfallRow[]
  /** How many others it is part of; default 0. */
  depth?: number
  on?: boolean
  onSelect?: () => void
}

function Row({ row, cut, behind = [], depth = 0, on = false, onSelect }: RowProps) {
  const content = (
    <>
      <span className={cn('grid min-w-0', toneClass[row.tone])} style={{ paddingLeft: 12 * Math.min(depth, deepest) }}>
        <span className="flex h-5 min-w-0 items-center gap-1.5 whitespace-nowrap text-fg-2 glyph:size-2.5 glyph:text-tone">
          <RowGlyph glyph={row.glyph} />
          <RowName row={row} /> <RowNote row={row} />
        </span>
        {row.error === undefined ? null : (
          <span className="-mt-1 truncate pb-1 pl-4 type-11 text-tone-fg" title={row.error}>
            {row.error}
          </span>
        )}
      </span>
      <span
        className={cn(
          "relative block h-full min-h-5 before:absolute before:inset-0 before:content-['']",
          cut === undefined && 'before:bg-[repeating-linear-gradient(90deg,var(--line)_0_1px,transparent_1px_25%)]',
        )}
        aria-hidden="true"
      >
        {cut === undefined ? null : <i className={cutClass} style={barPlace(cut)} />}
        {behind.flatMap((fault) =>
          fault.bars.map((bar) => (
            <i key={fault.key} className="absolute top-0 h-full min-w-px bg-band" style={barPlace(bar)} />
          )),
        )}
        {row.bars.map((bar) => (
          <i key={bar.kind} className={barClass(bar, row.tone)} style={barPlace(bar)} />
        ))}
      </span>
      <span className="text-right text-fg-2">{row.planned}</span>
      <span className="text-right text-fg-2">{row.took}</span>
    </>
  )
  // The name of a fault says it all; what led to anything else is below it.
  const why =
    row.why === undefined || row.tone === 'fault' ? null : (
      <p className={cn('pb-0.5 type-11 wrap-anywhere text-fg-3', depth > 0 ? 'pl-7' : 'pl-4')}>{row.why}</p>
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
        title={row.hint}
        onClick={onSelect}
      >
        {content}
      </button>
      {why}
    </>
  )
}

/** From this depth on rows are indented no further, so that names keep their room. */
const deepest = 6

/** Long times in minutes, so that they fit their column. */
const took = (ms: number): string => (ms < 60_000 ? millis(ms) : durationWords(ms))

/** What is named; of a span of a program what it did, small, and what it was done to. */
export function RowName({ row: { verb, label, program } }: { row: Pick<WaterfallRow, 'verb' | 'label' | 'program'> }) {
  if (program === undefined) return label
  return (
    <span className="min-w-0 flex-none truncate">
      {verb === undefined ? null : <small className="text-fg-3">{verb} </small>}
      {label}
    </span>
  )
}

/** What is beside the label: of an attempt with an error its replica, since the error has a line of its own. */
function RowNote({ row: { error, attempt, note } }: { row: WaterfallRow }) {
  const text = error === undefined ? note : attempt?.instance.replace(/^.*-(?=\d+$)/, 'replica ')
  if (text === undefined) return null
  return (
    <span className="min-w-0 truncate text-fg-3" title={text}>
      {text}
    </span>
  )
}

/** Time that is left out: hatched between two dashed lines. */
const cutClass =
  'absolute top-0 h-full border-0 border-x border-dashed border-border-strong bg-[repeating-linear-gradient(135deg,var(--line)_0_1px,transparent_1px_4px)]'
