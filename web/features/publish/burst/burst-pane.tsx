'use client'

import { useLive } from '#web/live/live-store.ts'
import { useEventTypes } from '../../event-types/event-types-store.ts'
import { usePublish } from '../publish-store.ts'
import { BurstForm } from './burst-form.tsx'
import { BurstProgress } from './burst-progress.tsx'
import { newest, useBursts, useEarlierBursts } from './burst-store.ts'
import { EarlierBursts } from './earlier-bursts.tsx'

/** Many events of one type at a rate; beside it the burst that runs, or the one chosen from the list. */
export function BurstPane() {
  const body = usePublish((publish) => publish.body)
  const type = useEventTypes().items.find((item) => item.name === body?.type)
  const live = useLive((state) => state.bursts)
  const shown = useBursts((bursts) => bursts.shown)
  const { earlier } = useEarlierBursts()
  const running = live.find((burst) => burst.state === 'running')
  const burst = newest(shown, live, earlier) ?? running
  if (!body || !type) return <div className="grid min-h-0 flex-1" aria-busy="true" />
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[1fr_1fr] border-t border-line *:min-h-0 *:min-w-0 *:overflow-x-hidden *:overflow-y-auto *:not-first:border-l *:not-first:border-line max-[1279px]:grid-cols-[1fr] max-[1279px]:content-start max-[1279px]:overflow-y-auto max-[1279px]:border-t-0 max-[1279px]:*:overflow-visible max-[1279px]:*:not-first:border-l-0">
      <div className="grid content-start gap-4 p-4">
        <BurstForm type={type} running={burst?.state === 'running'} />
        <EarlierBursts bursts={earlier.filter((one) => one.id !== burst?.id || one.state !== 'running')} />
      </div>
      <div className="grid content-start gap-4 p-4">
        {burst ? (
          <BurstProgress burst={burst} />
        ) : (
          <p className="text-fg-3">
            No burst is running. The backlog of a fast one grows and drains on the graph while it runs.
          </p>
        )}
      </div>
    </div>
  )
}
