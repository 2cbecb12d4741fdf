import type { ReactNode } from 'react'
import type { Run } from '#contracts/api/run.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { axis } from '../../charts/chart-plot.tsx'
import { durationWords } from '../../words/figures.ts'
import { faultFrom, faultSentence, type PhaseBar, phaseBars, runFaultName } from './run-marks.ts'

/** Label, plot and legend of everything that shares the time axis of a run. */
export const axisGrid =
  'grid grid-cols-[76px_minmax(0,1fr)_124px] gap-x-1 max-[1099px]:grid-cols-[64px_minmax(0,1fr)] max-[599px]:grid-cols-1'
export const axisLegend =
  'max-[1099px]:col-span-2 max-[1099px]:flex max-[1099px]:flex-wrap max-[1099px]:gap-x-3 max-[599px]:col-span-1'

const place = { marginLeft: axis.left, marginRight: axis.right }
/** Faults that have a line of their own. */
const mostFaults = 6

export function TimeRow({ label, letter, children }: { label: string; letter?: string; children: ReactNode }) {
  return (
    <div className={axisGrid}>
      <span className="flex justify-between gap-1 pt-0.5 type-11 text-fg-2">
        {label} {letter === undefined ? null : <b className="ml-auto font-medium">{letter}</b>}
      </span>
      <div className="min-w-0" style={place}>
        {children}
      </div>
    </div>
  )
}

const phaseClass: Record<PhaseBar['state'], string> = {
  past: 'border-border bg-hover',
  now: 'border-accent-border bg-accent-bg',
  ahead: 'border-dashed border-border',
}

/** Phases of a run over its time axis, which ends at `to`, in milliseconds. */
export function PhaseRow({
  run,
  to,
  label = 'Phases',
  letter,
}: {
  run: Run
  to: number
  label?: string
  letter?: string
}) {
  const percent = (at: number): number => (100 * Math.min(at, to)) / to
  const bars = phaseBars(run)
  const end = bars.at(-1)?.to ?? 0
  const audit = run.state === 'ended' && run.elapsedMs - end > 1_000 ? run.elapsedMs - end : undefined
  return (
    <TimeRow label={label} {...(letter === undefined ? {} : { letter })}>
      <ul className="relative h-5" aria-label={letter === undefined ? 'Phases' : `Phases of ${letter}`}>
        {bars.map((bar) => {
          const width = percent(bar.to) - percent(bar.from)
          const isNarrow = width < 12
          return (
            <li
              key={bar.name}
              className={cn('absolute h-5 rounded-sm border type-11', phaseClass[bar.state])}
              style={{ left: `${percent(bar.from)}%`, width: `max(3px, ${width}%)` }}
              title={`${bar.name}, ${bar.words}, from ${durationWords(bar.from)} to ${durationWords(bar.to)}`}
            >
              <span className={cn('block truncate px-1.5 leading-4.5 text-fg-2', isNarrow && 'sr-only')}>
                <span className="text-fg">{bar.name}</span> {bar.words}
              </span>
            </li>
          )
        })}
        {audit === undefined ? null : (
          <li
            className="absolute h-5 truncate pl-1.5 type-11 leading-5 text-fg-3"
            style={{ left: `${percent(end)}%`, maxWidth: `${100 - percent(end)}%` }}
          >
            audit, {durationWords(audit)}
          </li>
        )}
      </ul>
    </TimeRow>
  )
}

/** Faults of a run over its time axis, a line each: outlined where one was not seen to take effect. */
export function FaultRows({ run, to, letter }: { run: Run; to: number; letter?: string }) {
  const percent = (at: number): number => (100 * Math.min(at, to)) / to
  if (run.faults.length === 0) return null
  return (
    <TimeRow label="Faults" {...(letter === undefined ? {} : { letter })}>
      <ul className="grid gap-0.5 pt-1" aria-label={letter === undefined ? 'Faults' : `Faults of ${letter}`}>
        {run.faults.slice(0, mostFaults).map((fault) => {
          const from = faultFrom(fault)
          const end = fault.healedAt ?? (from === undefined ? 0 : run.elapsedMs)
          const left = percent(from ?? 0)
          const right = percent(end)
          const side = right < 55 ? 'after' : left > 45 ? 'before' : 'within'
          return (
            <li key={fault.id} className="relative h-4 type-11" title={faultSentence(fault)}>
              {from === undefined ? null : (
                <span
                  className={cn(
                    'absolute rounded-[2px] bg-fault',
                    side === 'within' ? 'top-0 h-4' : 'top-1 h-2',
                    fault.observedAt === undefined && 'bg-fault-bg shadow-[inset_0_0_0_1px_var(--fault)]',
                  )}
                  style={{ left: `${left}%`, width: `max(3px, ${right - left}%)` }}
                />
              )}
              <span
                className={cn(
                  'absolute truncate',
                  side !== 'within' || from === undefined
                    ? 'text-fg-2'
                    : fault.observedAt === undefined
                      ? 'text-fault-fg'
                      : 'text-on-fault',
                )}
                style={
                  from === undefined
                    ? { left: 0 }
                    : side === 'within'
                      ? { left: `calc(${left}% + 4px)`, maxWidth: `calc(${right - left}% - 8px)` }
                      : side === 'before'
                        ? { right: `calc(${100 - left}% + 6px)`, maxWidth: `calc(${left}% - 6px)` }
                        : { left: `calc(${right}% + 6px)`, maxWidth: `calc(${100 - right}% - 6px)` }
                }
              >
                {faultWords(fault, run.state === 'ended')}
              </span>
              <span className="sr-only">{faultSentence(fault)}</span>
            </li>
          )
        })}
        {run.faults.length > mostFaults ? (
          <li className="type-11 text-fg-3">and {run.faults.length - mostFaults} more, in the list of faults below</li>
        ) : null}
      </ul>
    </TimeRow>
  )
}

function faultWords(fault: Run['faults'][number], isOver: boolean): string {
  const name = runFaultName(fault)
  const from = faultFrom(fault)
  if (from === undefined) return isOver ? `${name}, never in effect` : `${name}, planned in ${fault.phase}`
  const seen = fault.observedAt === undefined ? ', not seen to take effect' : ''
  return fault.healedAt === undefined ? `${name}${seen}` : `${name}, ${durationWords(fault.healedAt - from)}${seen}`
}
