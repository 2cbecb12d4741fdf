import { count } from '../words/figures.ts'
import type { Segment } from './ledger-figures.ts'
import './ledger.css'

/** States to scale, each at least 6 px, always in the same order. */
export function SegmentedBar({ segments, owed }: { segments: Segment[]; owed: number }) {
  const delivered = segments.find(({ tone }) => tone === 'delivered')?.count ?? 0
  return (
    <div className="ledger__bar" role="img" aria-label={`${count(delivered)} of ${count(owed)} obligations delivered`}>
      {owed === 0 ? <i className="is-empty" /> : null}
      {segments.map(({ tone, word, count: value }) =>
        value === 0 ? null : <i key={word} className={`s-${tone}`} style={{ flexGrow: value }} />,
      )}
    </div>
  )
}
