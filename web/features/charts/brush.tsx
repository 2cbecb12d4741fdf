'use client'
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { timeTicks } from './axis-ticks.ts'
import { movedSpan, spanBetween, type TimeSpan } from './chart-window.ts'
import type { ChartRow } from './series-look.ts'
import type { TimeMarks } from './time-marks.ts'

type Grip = 'from' | 'to' | 'both'

const minute = (at: number): string => new Date(at).toTimeString().slice(0, 5)

/**
 * The whole window in small, with all that waits as one line and the faults above it. The frame is what the charts show:
 * drag it or its ends, or move the ends with the arrow keys.
 */
export function Brush({
  rows,
  keys,
  whole,
  span,
  marks,
  onChange,
}: {
  rows: readonly ChartRow[]
  /** Columns that the line sums. */
  keys: readonly string[]
  whole: TimeSpan
  span: TimeSpan
  marks: TimeMarks
  onChange: (span: TimeSpan) => void
}) {
  const track = useRef<HTMLDivElement>(null)
  const held = useRef<{ grip: Grip; at: number; span: TimeSpan }>(undefined)
  const length = Math.max(1, whole.to - whole.from)
  const percent = (at: number): number => (100 * (Math.min(whole.to, Math.max(whole.from, at)) - whole.from)) / length
  const timeAt = (x: number): number => {
    const box = track.current?.getBoundingClientRect()
    return whole.from + (box ? ((x - box.left) / Math.max(1, box.width)) * length : 0)
  }
  const change = (grip: Grip, by: number, of: TimeSpan): void => {
    const next =
      grip === 'both'
        ? movedSpan(of, by, whole)
        : grip === 'from'
          ? spanBetween(Math.min(of.from + by, of.to), of.to, whole)
          : spanBetween(of.from, Math.max(of.to + by, of.from), whole)
    if (next) onChange(next)
  }
  const take = (grip: Grip) => (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    held.current = { grip, at: timeAt(event.clientX), span }
  }
  const move = (event: PointerEvent): void => {
    if (held.current) change(held.current.grip, timeAt(event.clientX) - held.current.at, held.current.span)
  }
  const drop = (): void => {
    held.current = undefined
  }
  const onKey = (grip: Grip) => (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    change(grip, by * Math.max(1_000, length / 60), span)
  }
  const drag = { onPointerMove: move, onPointerUp: drop, onPointerCancel: drop }
  const ends = [
    { grip: 'from', label: 'Begin of the charts', at: span.from },
    { grip: 'to', label: 'End of the charts', at: span.to },
  ] as const
  return (
    <div className="flex-none px-4 pt-1.5">
      <div ref={track} className="relative h-8 touch-none rounded-sm bg-sunken">
        <svg
          className="absolute inset-0 h-full w-full"
          viewBox="0 0 100 32"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {marks.bands
            .filter((band) => band.from <= whole.to && (band.to ?? whole.to) >= whole.from)
            .map((band) => (
              <rect
                key={band.id}
                className="fill-fault"
                x={percent(band.from)}
                width={Math.max(0.3, percent(band.to ?? whole.to) - percent(band.from))}
                height="3"
              />
            ))}
          <path
            d={lineThrough(rows, keys, percent)}
            className="fill-none stroke-fg-3 [vector-effect:non-scaling-stroke]"
          />
        </svg>
        <div
          className="absolute inset-y-0 cursor-grab rounded-sm border border-accent bg-accent-bg opacity-60"
          style={{ left: `${percent(span.from)}%`, right: `${100 - percent(span.to)}%` }}
          onPointerDown={take('both')}
          {...drag}
        />
        {ends.map(({ grip, label, at }) => (
          <div
            key={grip}
            className="absolute top-2 h-4 w-2 -translate-x-1/2 cursor-ew-resize rounded-[2px] border border-accent bg-raised"
            style={{ left: `${percent(at)}%` }}
            role="slider"
            tabIndex={0}
            aria-label={label}
            aria-valuemin={whole.from}
            aria-valuemax={whole.to}
            aria-valuenow={at}
            aria-valuetext={new Date(at).toTimeString().slice(0, 8)}
            onKeyDown={onKey(grip)}
            onPointerDown={take(grip)}
            {...drag}
          />
        ))}
      </div>
      <div className="relative h-4 type-11 text-fg-3" aria-hidden="true">
        {timeTicks(whole.from, whole.to, 6)
          .filter((at) => percent(at) > 3 && percent(at) < 97)
          .map((at) => (
            <span key={at} className="absolute -translate-x-1/2" style={{ left: `${percent(at)}%` }}>
              {minute(at)}
            </span>
          ))}
      </div>
    </div>
  )
}

function lineThrough(rows: readonly ChartRow[], keys: readonly string[], percent: (at: number) => number): string {
  const sums = rows.map((row) => ({ at: row.at, value: keys.reduce((sum, key) => sum + (row[key] ?? 0), 0) }))
  const most = Math.max(1, ...sums.map(({ value }) => value))
  return sums
    .map(
      ({ at, value }, index) =>
        `${index === 0 ? 'M' : 'L'}${percent(at).toFixed(2)} ${(31 - 26 * (value / most)).toFixed(1)}`,
    )
    .join('')
}
