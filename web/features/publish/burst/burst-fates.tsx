'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { Burst } from '#contracts/api/burst.ts'
import { messageRow } from '#contracts/api/journey.ts'
import { read } from '#web/live/server-state.ts'
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
  if (fates.looked === 0) return <p className="t3">Their journeys are not kept any more.</p>
  return (
    <>
      <table className="table burst__fates">
        <colgroup>
          <col />
          <col style={{ width: 60 }} />
          <col style={{ width: 72 }} />
          <col style={{ width: 68 }} />
          <col style={{ width: 68 }} />
          <col style={{ width: 92 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Group</th>
            <th className="num">Owed</th>
            <th className="num">Delivered</th>
            <th className="num">In flight</th>
            <th className="num">Retrying</th>
            <th className="num">Dead letters</th>
          </tr>
        </thead>
        <tbody>
          {fates.groups.map((outcome) => (
            <tr key={outcome.group}>
              <td>{outcome.group}</td>
              <td className="num">{count(outcome.owed)}</td>
              <td className="num">{count(outcome.delivered)}</td>
              <td className="num">{count(outcome.inFlight)}</td>
              <td className="num">{count(outcome.retrying)}</td>
              <td className="num">{count(outcome.deadLettered)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fates.all ? null : <p className="t3">Of the newest {count(fates.looked)} of them.</p>}
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
