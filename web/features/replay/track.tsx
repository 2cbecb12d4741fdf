'use client'
import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import type { HistoryRange } from '#contracts/api/history.ts'
import type { SeriesLook } from '#web/features/charts/series-look.ts'
import { clock } from '../words/figures.ts'
import { replayTicksOf, type Span } from './time-span.ts'

/** Heights in pixels: of the track, of the bars of faults below it, of their words, and of the axis. */
const track = { top: 2, height: 36 }
const bars = track.top + track.height + 4
const words = bars + 14
const axis = 70
const height = 75

/** A phase of a run. */
export interface TrackPhase {
  name: string
  from: number
  to: number
}

interface TrackProps {
  span: Span
  width: number
  x: (t: number) => number
  t: number
  history: HistoryRange
  /** Unsettled messages by group, over the span. */
  lag: HistoryRange['lag']
  phases: readonly TrackPhase[]
  groups: readonly string[]
  lookOf: (group: string) => SeriesLook
  /** Begin of the run; absent: the axis has times of day. */
  since: number | undefined
  onSeek: (t: number) => void
  /** The reader let go of it. */
  onSettled: () => void
}

/** The time that can be scrubbed: phases, what was unsettled, faults as bands and bars, gaps, the playhead. What is ahead is faded. */
export function Track(props: TrackProps) {
  const { span, width, x, t, since, onSeek, onSettled } = props
  const seekTo = ({ clientX, currentTarget }: PointerEvent<HTMLElement>): void => {
    const { left } = currentTarget.getBoundingClientRect()
    onSeek(span.from + ((clientX - left) / width) * (span.to - span.from))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ...{ ArrowLeft: t - 1_000, ArrowRight: t + 1_000, ArrowDown: t - 1_000, ArrowUp: t + 1_000 },
      ...{ PageDown: t - 10_000, PageUp: t + 10_000, Home: span.from, End: span.to },
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    onSeek(to)
    onSettled()
  }
  const playhead = Math.round(x(t)) + 0.5
  return (
    <div
      className="cursor-ew-resize touch-none rounded-sm select-none"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-valuemin={Math.round(span.from)}
      aria-valuemax={Math.round(span.to)}
      aria-valuenow={Math.round(t)}
      aria-valuetext={since === undefined ? clock(t) : `${((t - since) / 1_000).toFixed(1)} seconds`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        seekTo(event)
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event)
      }}
      onPointerUp={onSettled}
    >
      <svg width={width} height={height} className="block" aria-hidden="true">
        <Recorded {...props} />
        <rect
          x={playhead}
          y={0}
          width={Math.max(0, width - playhead)}
          height={bars + 4}
          fill="var(--surface)"
          opacity={0.62}
        />
        <path d={`M${playhead} 0V${bars + 2}`} stroke="var(--accent)" strokeWidth="1.5" />
        <circle cx={playhead} cy={bars + 2} r="5" fill="var(--accent)" stroke="var(--surface)" strokeWidth="1.5" />
      </svg>
    </div>
  )
}

/** All but the playhead: it is drawn again only when what is recorded changes, or the span. */
function Recorded({ span, width, x, history, lag, phases, groups, lookOf, since }: TrackProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: x and lookOf follow from span, width and groups
  return useMemo(
    () => (
      <g>
        <rect x={0} y={track.top} width={width} height={track.height} fill="var(--sunken)" stroke="var(--line)" />
        {phases.map(({ name, from, to }) => (
          <g key={name}>
            <rect
              {...boxOf(x(from), x(to), width)}
              y={track.top}
              height={track.height}
              fill="var(--hover)"
              stroke="var(--border)"
            />
            <text x={Math.max(0, x(from)) + 6} y={track.top + 13} className="fill-fg-2 type-11">
              {name}
            </text>
          </g>
        ))}
        {bandsOf(history, span, x, width).map((band) => (
          <FaultBand key={band.id} {...band} />
        ))}
        {history.gaps.map(({ from, to, reason }) => (
          <rect
            key={from}
            {...boxOf(x(from), x(to), width)}
            y={track.top}
            height={track.height}
            fill="url(#history-gap)"
          >
            <title>{`Nothing is recorded from ${clock(from).slice(0, 8)} to ${clock(to).slice(0, 8)}: ${reason}`}</title>
          </rect>
        ))}
        <pattern id="history-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" fill="var(--surface)" />
          <path d="M0 0V6" stroke="var(--border-strong)" strokeWidth="1.5" />
        </pattern>
        {groups.map((group) => (
          <path key={group} d={lineOf(group, lag, span, x)} fill="none" strokeWidth="1.5" {...lookOf(group)} />
        ))}
        {replayTicksOf(span, Math.max(4, Math.floor(width / 110)), since).map(({ at, text }) => (
          <text
            key={at}
            x={x(at)}
            y={axis}
            textAnchor={x(at) < 24 ? 'start' : x(at) > width - 24 ? 'end' : 'middle'}
            className="fill-fg-3 type-11 tabular-nums"
          >
            {text}
          </text>
        ))}
      </g>
    ),
    [span, width, history, lag, phases, groups, since],
  )
}

interface Band {
  id: string
  title: string
  x: number
  width: number
  /** Where its name is; undefined if there is no room for it. */
  name: { text: string; x: number } | undefined
}

/** About the width of a letter of 11 px. */
const letter = 5.7

/** Faults that took effect, in the order of time; a name that would lie over the one before is left out. */
function bandsOf({ faults }: HistoryRange, span: Span, x: (t: number) => number, width: number): Band[] {
  const bands: Band[] = []
  let free = 0
  for (const fault of faults.toSorted((a, b) => a.startAt.localeCompare(b.startAt))) {
    const from = Date.parse(fault.injectedAt ?? fault.startAt)
    const to = fault.healedAt === undefined ? span.to : Date.parse(fault.healedAt)
    if (from > span.to || to < span.from || fault.state === 'failed') continue
    const box = boxOf(x(from), x(to), width)
    const target = fault.target.instance ?? fault.target.service ?? fault.target.link ?? fault.target.eventType ?? ''
    const text = `${fault.type} ${target.replace('->', ' → ')}`.trim()
    const left = Math.max(0, Math.min(box.x, width - text.length * letter))
    const hasRoom = left >= free
    if (hasRoom) free = left + text.length * letter + 8
    const end = fault.healedAt === undefined ? 'now' : clock(to).slice(0, 10)
    const title = `${text}, ${clock(from).slice(0, 10)} to ${end}`
    bands.push({ id: fault.id, title, ...box, name: hasRoom ? { text, x: left } : undefined })
  }
  return bands
}

function FaultBand({ title, x, width, name }: Band) {
  return (
    <g>
      <title>{title}</title>
      <rect x={x} width={width} y={track.top} height={track.height} fill="var(--fault)" opacity={0.08} />
      <path
        d={`M${x} ${track.top}v${track.height}M${x + width} ${track.top}v${track.height}`}
        stroke="var(--fault)"
        strokeDasharray="3 3"
        opacity={0.6}
      />
      <rect x={x} width={width} y={bars} height={4} rx={1} fill="var(--fault)" />
      {name ? (
        <text x={name.x} y={words} className="fill-fg-2 type-11">
          {name.text}
        </text>
      ) : null}
    </g>
  )
}

/** From `left` to `right`, at least 2 px, within the width. */
function boxOf(left: number, right: number, width: number): { x: number; width: number } {
  const x = Math.max(0, Math.min(left, width - 2))
  return { x, width: Math.max(2, Math.min(right, width) - x) }
}

/** What a group had not settled, over time, to the scale of the most that any group had in the span. */
function lineOf(group: string, lag: HistoryRange['lag'], { from, to }: Span, x: (t: number) => number): string {
  const points = lag.filter(({ at }) => at >= from - 10_000 && at <= to + 10_000)
  const most = Math.max(10, ...points.flatMap((point) => Object.values(point.lag)))
  return points
    .map(({ at, lag: by }, index) => {
      const y = track.top + track.height - 2 - ((by[group] ?? 0) / most) * (track.height - 8)
      return `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
