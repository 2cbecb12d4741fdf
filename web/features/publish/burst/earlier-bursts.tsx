'use client'

import type { Burst } from '#contracts/api/burst.ts'
import { count, dayAndTime } from '../../words/figures.ts'
import { useBursts } from './burst-store.ts'

/** Bursts that ended; one that is chosen is shown beside. */
export function EarlierBursts({ bursts }: { bursts: Burst[] }) {
  const { show, shown } = useBursts()
  if (bursts.length === 0) return null
  return (
    <div className="field burst__earlier">
      <div className="sect__head">
        <h3>Earlier bursts</h3>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: 112 }} />
          <col />
          <col style={{ width: 108 }} />
          <col style={{ width: 92 }} />
          <col style={{ width: 56 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Started</th>
            <th>Type</th>
            <th className="num">Asked</th>
            <th className="num">Acked</th>
            <th className="num">Failed</th>
          </tr>
        </thead>
        <tbody>
          {bursts.slice(0, 20).map((burst) => (
            <tr key={burst.id} className={shown === burst.id ? 'is-selected' : undefined}>
              <td className="mono t3">
                <button type="button" className="plain-link" onClick={() => show(burst.id)}>
                  {dayAndTime(burst.startedAt)}
                </button>
              </td>
              <td className="mono">{burst.type}</td>
              <td className="num">
                {count(burst.requested)} at {count(burst.ratePerSecond)}/s
              </td>
              <td className="num">
                {count(burst.acked)}
                {burst.state === 'done' ? '' : `, ${burst.state}`}
              </td>
              <td className="num">{count(burst.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
