'use client'
import type { CSSProperties } from 'react'
import { cn } from '#web/ui/recipes/cn.ts'
import { type Bar, barLanes, type TimeMarks } from './time-marks.ts'

const mostLanes = 3

interface AxisProps {
  marks: TimeMarks
  /** Ends of the time axis, epoch milliseconds. */
  from: number
  to: number
  /** Pixels that the plot leaves at its sides. */
  left: number
  right: number
}

const clockOf = (at: number): string => new Date(at).toTimeString().slice(0, 8)

/** Bars of the faults above a chart, on its time axis; their tooltips say from when to when. */
export function BandLanes({ marks, from, to, left, right }: AxisProps) {
  const lanes = barLanes(marks.bands, from, to, mostLanes)
  if (lanes.length === 0) return null
  const percent = (at: number): number => ((at - from) / Math.max(1, to - from)) * 100
  return (
    <ul
      className="relative flex-none"
      aria-label="Faults"
      style={{ marginLeft: left, marginRight: right, height: lanes.length * 14 }}
    >
      {lanes.flatMap((lane, index) =>
        lane.map((bar) => (
          <li
            className="absolute h-3 min-w-0.75 pr-px"
            key={bar.bands[0]?.id}
            style={{ left: `${percent(bar.from)}%`, width: `${percent(bar.to) - percent(bar.from)}%`, top: index * 14 }}
          >
            <BarText bar={bar} beside={lane.length > 1 ? undefined : sideOf(bar, from, to)} />
          </li>
        )),
      )}
    </ul>
  )
}

/** A bar too short for its name has it beside itself, if there is more room; undefined: within. */
function sideOf(bar: Bar, from: number, to: number): 'left' | 'right' | undefined {
  if ((bar.to - bar.from) / (to - from) > shortShare) return undefined
  return bar.from - from > to - bar.to ? 'left' : 'right'
}

const shortShare = 0.45

function BarText({ bar: { bands }, beside }: { bar: Bar; beside: 'left' | 'right' | undefined }) {
  const title = bands
    .map((band) => {
      const seen = band.observed ? '' : ', not seen to take effect'
      return `${band.label}, ${clockOf(band.from)} – ${band.to === undefined ? 'now' : clockOf(band.to)}${seen}`
    })
    .join('\n')
  return (
    <span
      className={cn(
        'block h-3 rounded-[2px] bg-fault px-0.75 type-11 text-[10px] leading-3 font-medium whitespace-nowrap text-on-fault',
        bands.every(({ observed }) => !observed) && 'bg-fault-bg text-fault-fg shadow-[inset_0_0_0_1px_var(--fault)]',
      )}
      title={title}
    >
      <span
        aria-hidden="true"
        className={
          beside === undefined
            ? 'block min-w-0 truncate'
            : cn('absolute text-fault-fg', beside === 'left' ? 'right-[calc(100%+3px)]' : 'left-[calc(100%+3px)]')
        }
      >
        {bands.length === 1 ? bands[0]?.label.split(' ')[0] : `${bands.length} faults`}
      </span>
      <span className="sr-only">{title}</span>
    </span>
  )
}

/** Rebalances as ticks on the time axis itself; `bottom` is the height of what is below the axis. */
export function AxisTicks({ marks, from, to, left, right, bottom }: AxisProps & { bottom: number }) {
  const shown = marks.ticks.filter(({ at }) => at >= from && at <= to)
  if (shown.length === 0) return null
  const place: CSSProperties = { left, right, bottom }
  return (
    <ul className="pointer-events-none absolute h-2" aria-label="Rebalances" style={place}>
      {shown.map(({ at, label }) => (
        <li
          className="pointer-events-auto absolute bottom-0 -ml-1 h-2 w-2.25 bg-fg-2 [clip-path:polygon(50%_0,100%_100%,0_100%)]"
          key={`${at} ${label}`}
          title={`${clockOf(at)} ${label}`}
          style={{ left: `${((at - from) / Math.max(1, to - from)) * 100}%` }}
        >
          <span className="sr-only">{`${clockOf(at)} ${label}`}</span>
        </li>
      ))}
    </ul>
  )
}
