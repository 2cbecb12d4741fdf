'use client'

import type { Burst } from '#contracts/api/burst.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass } from '#web/ui/recipes/input-box.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { progressClass } from '#web/ui/recipes/progress.ts'
import { Status } from '#web/ui/status.tsx'
import { clock, count } from '../../words/figures.ts'
import { BurstFates } from './burst-fates.tsx'
import { useBursts } from './burst-store.ts'
import { burstView, shortfall } from './burst-view.ts'
import { RateChart } from './rate-chart.tsx'

/** A burst as it runs, and what it came to. */
export function BurstProgress({ burst }: { burst: Burst }) {
  const stop = useBursts((bursts) => bursts.stop)
  const state = burstView(burst)
  const running = burst.state === 'running'
  const share = burst.requested === 0 ? 0 : Math.min(100, (burst.attempted / burst.requested) * 100)
  const plannedMs = burst.durationMs ?? (burst.requested / burst.ratePerSecond) * 1000
  // What is left at the rate that is really reached: more is asked of some machines than they give.
  const leftMs =
    burst.attempted > 0 && burst.durationMs === undefined
      ? ((burst.requested - burst.attempted) * burst.elapsedMs) / burst.attempted
      : plannedMs - burst.elapsedMs
  return (
    <>
      <div className="flex min-h-7 min-w-0 items-center gap-2">
        <Status tone={state.tone} glyph={state.glyph}>
          {state.word}
        </Status>
        <span className="min-w-0 truncate text-fg-3" title={burst.id}>
          {burst.type}, started {clock(burst.startedAt)}
        </span>
        <span className="flex-1" />
        {running ? (
          <Button onClick={() => void stop(burst.id)}>
            <Icon name="stop" />
            Stop
          </Button>
        ) : null}
      </div>
      {burst.reason ? <p className={noteClass}>{burst.reason}</p> : null}
      {shortfall(burst) === undefined ? null : <p className={noteClass}>{shortfall(burst)}</p>}
      <div>
        <div className="flex min-w-0 items-center gap-2">
          <span className="type-20 font-semibold tracking-[-0.015em]">
            {count(burst.attempted)}{' '}
            <small className="type-13 font-normal tracking-[0] text-fg-3">of {count(burst.requested)} attempted</small>
          </span>
          <span className="flex-1" />
          <span className="text-fg-2">{share.toFixed(1)} %</span>
        </div>
        <div
          className={cn(progressClass, 'mx-0 my-2 h-2 rounded-sm')}
          role="progressbar"
          aria-label="Attempted"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Number(share.toFixed(1))}
        >
          <i style={{ width: `${share}%` }} />
        </div>
        <div className="flex min-w-0 items-center gap-2 text-fg-3">
          <span>{(burst.elapsedMs / 1000).toFixed(1)} s elapsed</span>
          <span className="flex-1" />
          {running ? <span>about {(Math.max(0, leftMs) / 1000).toFixed(1)} s left</span> : null}
        </div>
      </div>
      <Figures burst={burst} />
      <RateChart burst={burst} plannedMs={Math.max(plannedMs, burst.elapsedMs)} />
      <div className={fieldClass}>
        <div className={sectionHead}>
          <h3>What became of them</h3>
          <span className="flex-1" />
          <RouteLink path="/" patch={{ dock: 'messages', burst: burst.id }}>
            Show these messages
          </RouteLink>
        </div>
        <BurstFates burst={burst} />
      </div>
    </>
  )
}

function Figures({ burst }: { burst: Burst }) {
  const open = burst.attempted - burst.acked - burst.failed - burst.indeterminate
  const ms = (value: number | null) => (value === null ? '–' : Number(value.toFixed(value < 9.95 ? 1 : 0)))
  return (
    <dl className="grid grid-cols-[repeat(4,1fr)] rounded-md border border-border">
      <div className="border-l border-line px-3 py-2 nth-[4n+1]:border-l-0 nth-[n+5]:border-t">
        <dt className="flex items-center gap-1.5 type-11 text-fg-3">
          <Glyph name="delivered" className="text-delivered" />
          acked
        </dt>
        <dd className="type-14 font-semibold text-fg">{count(burst.acked)}</dd>
      </div>
      <Figure name="open" value={count(Math.max(0, open))} />
      <Figure name="failed" value={count(burst.failed)} />
      <Figure name="indeterminate" value={count(burst.indeterminate)} />
      <Figure
        name="achieved"
        value={burst.achievedPerSecond.toFixed(burst.achievedPerSecond < 1000 ? 1 : 0)}
        unit="/s"
      />
      <Figure name="ack p50" value={ms(burst.ackP50Ms)} unit="ms" />
      <Figure name="ack p99" value={ms(burst.ackP99Ms)} unit="ms" />
      <Figure name="keys used" value={count(burst.keysUsed)} />
    </dl>
  )
}

const Figure = ({ name, value, unit }: { name: string; value: string | number; unit?: string }) => (
  <div className="border-l border-line px-3 py-2 nth-[4n+1]:border-l-0 nth-[n+5]:border-t">
    <dt className="flex items-center gap-1.5 type-11 text-fg-3">{name}</dt>
    <dd className="type-14 font-semibold text-fg">
      {value}
      {unit ? <small className="ml-0.75 type-11 text-fg-3">{unit}</small> : null}
    </dd>
  </div>
)
