'use client'

import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { segmentsOf, totalOf } from '../ledger/ledger-figures.ts'
import { shortReason, verdictView } from '../ledger/ledger-words.ts'
import { SegmentedBar } from '../ledger/segmented-bar.tsx'
import { count } from '../words/figures.ts'

const none: never[] = []

/** The verdict, and what became of every message. */
export function PhoneLedger() {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const verdict = useLive((live) => live.ledger?.verdict)
  const at = useLive((live) => live.ledger?.watermark.at?.slice(0, 19) ?? null)
  const total = useMemo(() => totalOf(groups), [groups])
  const segments = segmentsOf(total)
  if (!verdict) return null
  const { word, icon } = verdictView[verdict.result]
  return (
    <section className="ph-sec">
      <h2>Ledger</h2>
      <span className={`verdict verdict--${verdict.result}`}>
        <Icon name={icon} />
        <b>{word}</b>
        <span>{shortReason(verdict, at === null ? null : `${at}Z`)}</span>
      </span>
      <div className="phone__bar">
        <SegmentedBar segments={segments} owed={total.owed} />
      </div>
      <dl className="pfs">
        {segments.map(({ tone, glyph, word: state, count: value }) => (
          <div key={state} className={`pf s-${value === 0 ? 'idle' : tone}`}>
            <dt className="row">
              <Status tone={value === 0 ? 'idle' : tone} glyph={glyph} />
              {state}
            </dt>
            <dd>
              <b>{count(value)}</b>
            </dd>
          </div>
        ))}
        <div className="pf pf--sum">
          <dt>owed</dt>
          <dd>
            <b>{count(total.owed)}</b>
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** One group: its bar, and how much of what it is owed was delivered. */
export function PhoneGroupLedger({ group }: { group: string }) {
  const groups = useLive((live) => live.ledger?.groups ?? none)
  const total = useMemo(() => totalOf(groups.filter((row) => row.group === group)), [groups, group])
  return (
    <>
      <SegmentedBar segments={segmentsOf(total)} owed={total.owed} />
      <div className="row t3">
        <span>
          {count(total.delivered)} of {count(total.owed)} delivered
        </span>
        <span className="spacer" />
        <span>{count(total.waiting + total.handling)} in flight</span>
      </div>
    </>
  )
}
