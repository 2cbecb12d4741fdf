'use client'
import type { TimeMarks } from './time-marks.ts'

interface FlagsProps {
  marks: TimeMarks
  /** Ends of the time axis, epoch milliseconds. */
  from: number
  to: number
  /** Pixels that the plot leaves at its sides. */
  left: number
  right: number
}

/** Notes of a person as flags at the top of their lines; their tooltips say when, and what was written. */
export function NoteFlags({ marks: { notes = [] }, from, to, left, right }: FlagsProps) {
  const shown = notes.filter(({ at }) => at >= from && at <= to)
  if (shown.length === 0) return null
  return (
    <ul className="pointer-events-none absolute top-0 h-2" aria-label="Notes" style={{ left, right }}>
      {shown.map(({ at, label }) => {
        const text = `${new Date(at).toTimeString().slice(0, 8)} ${label}`
        return (
          <li
            className="pointer-events-auto absolute top-0 h-2 w-2.25 bg-accent [clip-path:polygon(0_0,100%_0,70%_50%,100%_100%,0_100%)]"
            key={`${at} ${label}`}
            title={text}
            style={{ left: `${((at - from) / Math.max(1, to - from)) * 100}%` }}
          >
            <span className="sr-only">{text}</span>
          </li>
        )
      })}
    </ul>
  )
}
