'use client'

import type { Burst } from '#contracts/api/burst.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass } from '#web/ui/recipes/input-box.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { rowSelected, tableClass } from '#web/ui/recipes/table.ts'
import { count, dayAndTime } from '../../words/figures.ts'
import { useBursts } from './burst-store.ts'
import { shortfall } from './burst-view.ts'

/** Bursts that ended; one that is chosen is shown beside. */
export function EarlierBursts({ bursts }: { bursts: Burst[] }) {
  const { show, shown } = useBursts()
  if (bursts.length === 0) return null
  return (
    <div className={fieldClass}>
      <div className={sectionHead}>
        <h3>Earlier bursts</h3>
      </div>
      <table className={cn(tableClass, '-mx-4 my-0 w-[calc(100%+32px)]')}>
        <colgroup>
          <col className="w-25" />
          <col />
          <col className="w-36" />
          <col className="w-23" />
          <col className="w-14" />
        </colgroup>
        <thead>
          <tr>
            <th>Started</th>
            <th>Type</th>
            <th className="text-right">Asked</th>
            <th className="text-right">Acked</th>
            <th className="text-right">Failed</th>
          </tr>
        </thead>
        <tbody>
          {bursts.slice(0, 20).map((burst) => (
            <tr key={burst.id} className={shown === burst.id ? rowSelected : undefined}>
              <td className="mono text-fg-3">
                <button
                  type="button"
                  className="border-0 bg-transparent p-0 text-accent-fg hover:underline"
                  onClick={() => show(burst.id)}
                >
                  {dayAndTime(burst.startedAt)}
                </button>
              </td>
              <td className="mono">{burst.type}</td>
              <td className="text-right">
                {count(burst.requested)} at {count(burst.ratePerSecond)}/s
              </td>
              <td className="text-right">
                {count(burst.acked)}
                {burst.state === 'done' ? (shortfall(burst) === undefined ? '' : ', short') : `, ${burst.state}`}
              </td>
              <td className="text-right">{count(burst.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
