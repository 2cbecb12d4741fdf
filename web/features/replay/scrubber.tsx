'use client'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { HistoryRange } from '#contracts/api/history.ts'
import type { Run } from '#contracts/api/run.ts'
import { looksOf } from '#web/features/charts/series-look.ts'
import { useParam } from '#web/live/url-state.ts'
import { useWidth } from '#web/ui/browser/use-width.ts'
import { Icon } from '#web/ui/icon.tsx'
import { clock } from '../words/figures.ts'
import { ClauseRow } from './clause-row.tsx'
import { clauseAt, clauseFrom, clausesOf, narratedClauses, type ReplayClause } from './clauses.ts'
import { useHistory, useLag, useReplayedRun, useWhole } from './replay-data.ts'
import { backToNow, goToClause, keepInAddress, useReplay } from './replay-store.ts'
import { elapsed, type Span, type SpanLength, spanAround, spanLengths, timeIn } from './time-span.ts'
import { Track, type TrackPhase } from './track.tsx'
import { Transport } from './transport.tsx'
import { usePlaying } from './use-playing.ts'
import { useReplayKeys } from './use-replay-keys.ts'

/** Time travel: `?at=` is the moment that the whole screen shows, `?run=` the run whose time the track is limited to. */
export function ReplayScrubber() {
  const at = useParam('at')
  const id = useParam('run')
  const wanted = timeIn(at)
  useEffect(() => {
    if (wanted === undefined) useReplay.getState().close()
    else if (Math.round(useReplay.getState().t ?? -1) !== wanted) useReplay.getState().seek(wanted)
  }, [wanted])
  useEffect(() => () => useReplay.getState().close(), [])
  const history = useHistory(wanted !== undefined)
  const run = useReplayedRun(wanted === undefined ? undefined : id)
  const whole = useWhole(history, run)
  if (wanted === undefined) return null
  return (
    <section
      className="flex h-35 flex-none flex-col border-t border-line bg-surface"
      aria-label="Replay"
      data-replay=""
    >
      {history && whole ? (
        <Scrubber history={history} whole={whole} run={run} />
      ) : (
        <p className="p-4 text-fg-3">{history ? 'Nothing is recorded yet.' : 'Reading what is recorded…'}</p>
      )}
    </section>
  )
}

const none: TrackPhase[] = []

function Scrubber({ history, whole, run }: { history: HistoryRange; whole: Span; run: Run | undefined }) {
  const t = useReplay((replay) => replay.t) ?? whole.to
  const chosen = useReplay((replay) => replay.chosen)
  const [length, setLength] = useState<SpanLength>('10m')
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const begin = run ? Date.parse(run.startedAt) : undefined
  const span = useSpan(t, length, whole, run !== undefined)
  const groups = useMemo(
    () => [...new Set(history.lag.flatMap(({ lag }) => Object.keys(lag)))].toSorted().toReversed(),
    [history],
  )
  const lookOf = useMemo(() => looksOf(groups), [groups])
  const clauses = useMemo(
    () =>
      (run && narratedClauses(run)) ??
      clausesOf(history.marks).filter(({ t: at }) => at >= whole.from && at <= whole.to),
    [history, whole, run],
  )
  const lag = useLag(history, span)
  useWords(run)
  usePlaying(whole.to)
  const x = (time: number): number => ((time - span.from) / (span.to - span.from)) * width
  const seek = useCallback(
    (to: number) => useReplay.getState().seek(Math.min(whole.to, Math.max(whole.from, to))),
    [whole],
  )
  const goTo = useCallback((clause: ReplayClause) => goToClause(clauses, clauses.indexOf(clause)), [clauses])
  const step = useCallback(
    (direction: 'forward' | 'back') => {
      const replay = useReplay.getState()
      const to = clauseFrom(clauses, replay.t ?? 0, direction, replay.chosen)
      if (to !== undefined) goToClause(clauses, to)
    },
    [clauses],
  )
  const stepTo = (direction: 'forward' | 'back') => clauses[clauseFrom(clauses, t, direction, chosen) ?? -1]
  const toggle = useCallback(() => useReplay.getState().play(!useReplay.getState().playing), [])
  useReplayKeys(step, toggle)
  const first = clauses.findIndex(({ t: at }) => at >= span.from)
  const inSight = clauses.filter(({ t: at }) => at >= span.from && at <= span.to)
  return (
    <>
      <Transport
        run={run && begin !== undefined ? { name: run.name, since: begin, ms: run.elapsedMs } : undefined}
        previous={stepTo('back')}
        next={stepTo('forward')}
        {...{ step, length, groups, lookOf }}
        setLength={run ? undefined : setLength}
      />
      <div className="relative mx-4 min-w-0" ref={box}>
        <ClauseRow
          {...{ x, t, clauses: inSight, first: first + 1 }}
          shown={clauses[clauseAt(clauses, t, chosen)]}
          onSeek={goTo}
        />
        <Track
          {...{ span, width, x, t, history, lag, groups, lookOf }}
          phases={phasesOf(run, begin)}
          since={begin}
          onSeek={seek}
          onSettled={keepInAddress}
        />
        <NotShown />
      </div>
    </>
  )
}

/** The part of the time that the track shows; it stays while the playhead is in it. */
function useSpan(t: number, length: SpanLength, whole: Span, isRun: boolean): Span {
  const before = useRef<Span>(undefined)
  const ms = isRun ? whole.to - whole.from : (spanLengths.find(({ value }) => value === length)?.ms ?? 600_000)
  const span = spanAround(t, ms, whole, before.current)
  before.current = span
  return span
}

/** What the ledger bar says of the moment. */
function useWords(run: Run | undefined): void {
  useEffect(() => {
    const wordsOf = run
      ? (t: number) => `${run.name} at ${elapsed(t - Date.parse(run.startedAt))} of ${elapsed(run.elapsedMs)}`
      : (t: number) => `at ${clock(t).slice(0, 10)}`
    useReplay.setState({ wordsOf })
    const { t, seek } = useReplay.getState()
    if (t !== undefined) seek(t)
  }, [run])
}

function phasesOf(run: Run | undefined, begin: number | undefined): readonly TrackPhase[] {
  if (!run || begin === undefined) return none
  return run.phases.flatMap(({ name, beganAt, endedAt }) =>
    beganAt === undefined ? [] : [{ name, from: begin + beganAt, to: begin + (endedAt ?? run.elapsedMs) }],
  )
}

/** Why the screen does not show the moment itself: it is in a gap, or nothing is recorded of it. */
function NotShown() {
  const gap = useReplay((replay) => replay.gap)
  const problem = useReplay((replay) => replay.problem)
  const text =
    problem?.detail ??
    (gap &&
      `History has a gap from ${clock(gap.from).slice(0, 8)} to ${clock(gap.to).slice(0, 8)}, since ${gap.reason}. This is the last moment before it.`)
  return (
    <p
      className={
        text === undefined
          ? 'sr-only'
          : 'absolute inset-x-0 bottom-0 flex h-5 items-center gap-2 rounded-sm bg-retrying-bg px-2 text-retrying-fg'
      }
      role="status"
    >
      {text === undefined ? null : (
        <>
          <Icon name="alert" size={12} />
          <span className="min-w-0 truncate" title={text}>
            {text}
          </span>
          {problem ? (
            <button type="button" className="ml-auto border-0 bg-transparent p-0 underline" onClick={backToNow}>
              Back to now
            </button>
          ) : null}
        </>
      )}
    </p>
  )
}
