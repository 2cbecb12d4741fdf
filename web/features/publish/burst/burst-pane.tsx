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
  if (!body || !type) return <div className="sheet" aria-busy="true" />
  return (
    <div className="sheet sheet--2 publish__panes burst">
      <div className="pane">
        <BurstForm type={type} running={burst?.state === 'running'} />
        <EarlierBursts bursts={earlier.filter((one) => one.id !== burst?.id || one.state !== 'running')} />
      </div>
      <div className="pane">
        {burst ? (
          <BurstProgress burst={burst} />
        ) : (
          <p className="t3 burst__none">
            No burst is running. The backlog of a fast one grows and drains on the graph while it runs.
          </p>
        )}
      </div>
    </div>
  )
}
