'use client'

import { Glyph } from '#web/ui/glyph.tsx'
import { Status } from '#web/ui/status.tsx'
import { millis } from '../words/figures.ts'
import type { Bar, Waterfall, WaterfallRow } from './waterfall-model.ts'

interface WaterfallViewProps {
  waterfall: Waterfall
  /** `<group> <row key>` of the expanded attempt. */
  selected: string | undefined
  onSelect: (key: string) => void
}

/** The journey on one time axis. Attempts are buttons: the selected one is explained below. */
export function WaterfallView({ waterfall, selected, onSelect }: WaterfallViewProps) {
  return (
    <div className="wf">
      <div className="wf__axis">
        <span>Publish to last effect</span>
        <span className="ticks" aria-hidden="true">
          {waterfall.ticks.map((tick, index) => (
            <span key={tick} style={{ left: `${index * 25}%` }}>
              {tick}
            </span>
          ))}
        </span>
        <span className="num">Took</span>
      </div>
      <Row row={waterfall.publish} />
      {waterfall.groups.map((group) => (
        <section key={group.group} aria-label={group.group}>
          <div className="wf__group">
            <b>{group.group}</b>
            <Status tone={group.status.tone} glyph={group.status.glyph}>
              {group.status.label}
            </Status>
            <span className="spacer" />
            <span className="t2">{millis(group.totalMs)}</span>
          </div>
          {group.rows.map((row) => {
            const key = `${group.group} ${row.key}`
            return row.attempt ? (
              <Row key={key} row={row} indent on={key === selected} onSelect={() => onSelect(key)} />
            ) : (
              <Row key={key} row={row} indent />
            )
          })}
        </section>
      ))}
    </div>
  )
}

interface RowProps {
  row: WaterfallRow
  indent?: boolean
  on?: boolean
  onSelect?: () => void
}

function Row({ row, indent = false, on = false, onSelect }: RowProps) {
  const content = (
    <>
      <span className={`name s-${row.tone}${indent ? ' indent' : ''}`}>
        <Glyph name={row.glyph} />
        {row.label} {row.note === undefined ? null : <span className="t3 clip">{row.note}</span>}
      </span>
      <span className="lane" aria-hidden="true">
        {row.bars.map((bar) => (
          <i
            key={bar.kind}
            className={barClass(bar, row)}
            style={{ left: `${bar.left.toFixed(2)}%`, width: `${bar.width.toFixed(2)}%` }}
          />
        ))}
      </span>
      <span className="dur">{row.took}</span>
    </>
  )
  if (!onSelect) return <div className="wf__row">{content}</div>
  return (
    <button type="button" className={`wf__row wf__pick${on ? ' is-on' : ''}`} aria-expanded={on} onClick={onSelect}>
      {content}
    </button>
  )
}

const barClass = (bar: Bar, row: WaterfallRow): string =>
  bar.kind === 'handling' ? `span s-${row.tone}` : bar.kind === 'wait' ? 'span span--wait' : 'span span--backoff'
