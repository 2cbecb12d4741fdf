'use client'

import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { millis } from '../words/figures.ts'
import type { Waterfall } from './waterfall-model.ts'
import type { Bar, WaterfallRow } from './waterfall-row.ts'

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
      <Row row={waterfall.publish} behind={waterfall.publishFaults} />
      {waterfall.publishFaults.map((row) => (
        <Row key={row.key} row={row} />
      ))}
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
      <span className={`name s-${row.tone}${indent ? ' indent' : ''}`}>
        {row.glyph === 'fault' ? <Icon name="bolt" size={12} /> : <Glyph name={row.glyph} />}
        {row.label} {row.note === undefined ? null : <span className="t3 clip">{row.note}</span>}
      </span>
      <span className="lane" aria-hidden="true">
        {behind.flatMap((fault) =>
          fault.bars.map((bar) => <i key={fault.key} className="span--shade" style={placeOf(bar)} />),
        )}
        {row.bars.map((bar) => (
          <i key={bar.kind} className={barClass(bar, row)} style={placeOf(bar)} />
        ))}
      </span>
      <span className="dur">{row.took}</span>
    </>
  )
  // The name of a fault says it all; what led to anything else stands below it.
  const why =
    row.why === undefined || row.tone === 'fault' ? null : (
      <p className={`wf__why${indent ? ' indent' : ''}`}>{row.why}</p>
    )
  if (!onSelect) {
    return (
      <>
        <div className="wf__row" title={row.why}>
          {content}
        </div>
        {why}
      </>
    )
  }
  return (
    <>
      <button type="button" className={`wf__row wf__pick${on ? ' is-on' : ''}`} aria-expanded={on} onClick={onSelect}>
        {content}
      </button>
      {why}
    </>
  )
}

const placeOf = ({ left, width }: Bar) => ({ left: `${left.toFixed(2)}%`, width: `${width.toFixed(2)}%` })

const barClasses: Record<Exclude<Bar['kind'], 'handling'>, string> = {
  wait: 'span span--wait',
  backoff: 'span span--backoff',
  fault: 'span span--fault',
  mark: 'span span--mark',
}
const barClass = (bar: Bar, row: WaterfallRow): string =>
  bar.kind === 'handling' ? `span s-${row.tone}` : barClasses[bar.kind]
