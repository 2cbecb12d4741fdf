'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { Burst } from '#contracts/api/burst.ts'
import { messageRow } from '#contracts/api/journey.ts'
import { read } from '#web/live/server-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { count } from '../../words/figures.ts'
import { type GroupOutcome, outcomesOf } from './burst-outcome.ts'

const most = 500
const everyMs = 1_000
const page = z.object({ items: z.array(messageRow), nextCursor: z.string().optional() })

interface Fates {
  groups: GroupOutcome[]
  looked: number
  all: boolean
  settled: boolean
}

/** States of the burst's messages by group: of all of them where a page holds them, else of the newest. */
export function BurstFates({ burst }: { burst: Burst }) {
  const fates = useFates(burst)
  if (!fates) return null
  if (fates.looked === 0) return <p className="text-fg-3">Their journeys are not kept any more.</p>
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
        </colgroup>
        <thead>
          <tr>
            <th>Group</th>
            <th className="text-right">Owed</th>
            <th className="text-right">Delivered</th>
            <th className="text-right">In flight</th>
            <th className="text-right">Retrying</th>
            <th className="text-right">Dead letters</th>
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
            </tr>
          ))}
        </tbody>
      </table>
      {fates.all ? null : <p className="text-fg-3">Of the newest {count(fates.looked)} of them.</p>}
    </>
  )
}

function useFates(burst: Burst): Fates | undefined {
  const isRunning = burst.state === 'running'
  return useQuery({
    queryKey: ['burst-fates', burst.id, isRunning],
    queryFn: async ({ signal }): Promise<Fates> => {
      const { items, nextCursor } = await read(
        `/api/messages?burst=${encodeURIComponent(burst.id)}&limit=${most}`,
        page,
        signal,
      )
      return {
        groups: outcomesOf(items),
        looked: items.length,
        all: nextCursor === undefined,
        settled: items.every((row) => row.settledInMs !== undefined || row.publish === 'failed'),
      }
    },
    refetchInterval: ({ state: { data } }) => (isRunning || !data?.settled ? everyMs : false),
    // The figures of before stay in sight when the burst ends, not those of another one.
    placeholderData: (fates, query) => (query?.queryKey[1] === burst.id ? fates : undefined),
  }).data
}
