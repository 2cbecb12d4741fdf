'use client'

import { useQuery } from '@tanstack/react-query'
import { type Burst, type BurstOutcome, burstOutcome } from '#contracts/api/burst.ts'
import { read } from '#web/http/server-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { count } from '../../words/figures.ts'

/** What became of the burst's messages by group, of all of them. */
export function BurstFates({ burst }: { burst: Burst }) {
  const fates = useFates(burst)
  if (!fates) return <p className="text-fg-3">Counting…</p>
  if (fates.messages === 0) return <p className="text-fg-3">Their journeys are not kept any more.</p>
  return (
    <>
      <table className={cn(tableClass, '-mx-4 my-0 w-[calc(100%+32px)]')}>
        <colgroup>
          <col />
          <col className="w-15" />
          <col className="w-18" />
          <col className="w-17" />
          <col className="w-17" />
          <col className="w-23" />
          <col className="w-14" />
        </colgroup>
        <thead>
          <tr>
            <th>Group</th>
            <th className="text-right">Owed</th>
            <th className="text-right">Delivered</th>
            <th className="text-right">In flight</th>
            <th className="text-right">Retrying</th>
            <th className="text-right">Dead letters</th>
            <th className="text-right">Lost</th>
          </tr>
        </thead>
        <tbody>
          {fates.groups.map((outcome) => (
            <tr key={outcome.group}>
              <td>{outcome.group}</td>
              <td className="text-right">{count(outcome.owed)}</td>
              <td className="text-right">{count(outcome.delivered)}</td>
              <td className="text-right">{count(outcome.inFlight)}</td>
              <td className="text-right">{count(outcome.retrying)}</td>
              <td className="text-right">{count(outcome.deadLettered)}</td>
              <td className="text-right">{count(outcome.lost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fates.messages >= burst.attempted || burst.state === 'running' ? null : (
        <p className="text-fg-3">
          Of {count(fates.messages)}: the journeys of the other {count(burst.attempted - fates.messages)} are not kept
          any more.
        </p>
      )}
    </>
  )
}

function useFates(burst: Burst): BurstOutcome | undefined {
  const isRunning = burst.state === 'running'
  return useQuery({
    queryKey: ['burst-outcome', burst.id, isRunning],
    queryFn: ({ signal }) => read(`/api/bursts/${encodeURIComponent(burst.id)}/outcome`, burstOutcome, signal),
    refetchInterval: ({ state: { data } }) =>
      isRunning || data === undefined || data.open > 0 ? everyMs(burst) : false,
    // The former counts stay in sight when the burst ends, not those of another one.
    placeholderData: (outcome, query) => (query?.queryKey[1] === burst.id ? outcome : undefined),
  }).data
}

/** All messages are counted each time: of large bursts less often. */
const everyMs = ({ attempted }: Burst): number => (attempted > 20_000 ? 5_000 : 1_000)
