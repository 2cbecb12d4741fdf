'use client'
import type { SeriesLook } from '#web/features/charts/series-look.ts'
import { setParams, usePlace } from '#web/live/url-state.ts'
import { Button, buttonClass, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { clock } from '../words/figures.ts'
import type { ReplayClause } from './clauses.ts'
import { speeds, useReplay } from './replay-store.ts'
import { elapsed, type SpanLength, spanLengths } from './time-span.ts'

interface TransportProps {
  /** Name, begin and length of the run; absent: times are times of day. */
  run: { name: string; since: number; ms: number } | undefined
  previous: ReplayClause | undefined
  next: ReplayClause | undefined
  step: (direction: 'forward' | 'back') => void
  length: SpanLength
  /** Absent: the track is as long as the run. */
  setLength: ((length: SpanLength) => void) | undefined
  groups: readonly string[]
  lookOf: (group: string) => SeriesLook
}

/** Step back, play, step on; the time, the speed, and what comes next. */
export function Transport({ run, previous, next, step, length, setLength, groups, lookOf }: TransportProps) {
  const { playing, play, speed, setSpeed } = useReplay()
  return (
    <div className="flex h-10 flex-none items-center gap-2 px-4">
      <IconButton
        variant="plain"
        small={false}
        label={previous ? `Back to: ${previous.label}` : 'Nothing happened before'}
        disabled={!previous}
        onClick={() => step('back')}
      >
        <Icon name="step-back" />
      </IconButton>
      <button
        type="button"
        className={buttonClass('primary', false, true)}
        aria-label={playing ? 'Stop' : 'Play'}
        title={`${playing ? 'Stop' : 'Play'} (space)`}
        onClick={() => play(!playing)}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <IconButton
        variant="plain"
        small={false}
        label={next ? `On to: ${next.label}` : 'Nothing happened after'}
        disabled={!next}
        onClick={() => step('forward')}
      >
        <Icon name="step-on" />
      </IconButton>
      <Time run={run} />
      {run ? <RunAgain name={run.name} /> : null}
      <Seg
        label="Speed"
        value={String(speed)}
        options={speeds.map((value) => ({ value: String(value), label: `${value}×` }))}
        onChange={(value) => setSpeed(speeds.find((one) => String(one) === value) ?? 1)}
      />
      {setLength ? (
        <Seg
          label="Length of the track"
          className="max-[1099px]:hidden"
          value={length}
          options={spanLengths.map(({ value, label }) => ({ value, label }))}
          onChange={setLength}
        />
      ) : null}
      <span className="min-w-0 flex-1" />
      <Next clause={next} run={run} onStep={() => step('forward')} />
      <span className="ml-2 flex items-center gap-3 type-11 text-fg-2 max-[1279px]:hidden">
        {groups.slice(0, 3).map((group) => (
          <span key={group} className="inline-flex items-center gap-1.25 whitespace-nowrap">
            <svg width="16" height="8" aria-hidden="true">
              <path d="M0 4H16" fill="none" strokeWidth="1.5" {...lookOf(group)} />
            </svg>
            lag {group.replace(/^consumer-/, '')}
          </span>
        ))}
      </span>
    </div>
  )
}

/** What else can be open beside the graph, in the place of the run. */
const inItsPlace = ['message', 'node', 'edge', 'letter', 'redrive', 'flow']

/** Opens the sentences of the run again, if they were closed or something else is in their place. */
function RunAgain({ name }: { name: string }) {
  const place = usePlace()
  const isHidden = place?.query.get('panel') === 'none' || inItsPlace.some((one) => place?.query.has(one))
  if (place?.path !== '/' || !isHidden) return null
  const nothing = Object.fromEntries(inItsPlace.map((one) => [one, undefined]))
  return (
    <Button
      small
      className="min-w-0 max-w-40"
      title={`Open what happened in ${name}`}
      onClick={() => setParams({ ...nothing, attempt: undefined, tab: undefined, panel: undefined })}
    >
      <Icon name="flask" size={12} />
      <span className="min-w-0 truncate">{name}</span>
    </Button>
  )
}

function Time({ run }: Pick<TransportProps, 'run'>) {
  const t = useReplay((replay) => replay.t) ?? 0
  return (
    <span className="mx-1.5 flex items-baseline gap-2 whitespace-nowrap tabular-nums" aria-hidden="true">
      <b className="min-w-18 text-[15px] font-semibold">{run ? elapsed(t - run.since) : clock(t).slice(0, 10)}</b>
      {run ? <span className="text-fg-3">of {elapsed(run.ms)}</span> : null}
    </span>
  )
}

function Next({
  clause,
  run,
  onStep,
}: { clause: ReplayClause | undefined; onStep: () => void } & Pick<TransportProps, 'run'>) {
  if (!clause) return <span className="truncate text-fg-3">Nothing more happened</span>
  const when = run ? elapsed(clause.t - run.since) : clock(clause.t).slice(0, 8)
  return (
    <span className="flex min-w-0 items-center gap-2 text-fg-2">
      <span className="truncate" title={clause.label}>{`Next: ${when}, ${clause.label}`}</span>
      <Button small aria-label="On to what comes next" onClick={onStep}>
        <kbd>→</kbd>
      </Button>
    </span>
  )
}
