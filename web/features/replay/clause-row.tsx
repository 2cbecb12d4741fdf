'use client'
import { ClauseRing } from '../narration/clause-ring.tsx'
import { clock } from '../words/figures.ts'
import { type ReplayClause, ringsOf } from './clauses.ts'

interface ClauseRowProps {
  /** Those in sight, and the number of the first one. */
  clauses: readonly ReplayClause[]
  first: number
  x: (t: number) => number
  t: number
  /** The one that is shown; absent before the first. */
  shown: ReplayClause | undefined
  onSeek: (clause: ReplayClause) => void
}

/** What happened, as numbered rings over the place where it did: past, current (the one that is shown), ahead. */
export function ClauseRow({ clauses, first, x, t, shown, onSeek }: ClauseRowProps) {
  const rings = ringsOf(clauses, x)
  const current = rings.find((ring) => shown !== undefined && ring.clauses.includes(shown))
  return (
    <ol className="relative h-6 flex-none" aria-label="What happened">
      {rings.map((ring) => {
        const [head] = ring.clauses
        if (!head) return null
        const isCurrent = ring === current
        const place = isCurrent ? 'current' : head.shownAt > t ? 'ahead' : 'past'
        const number = first + ring.number - 1
        const words = ring.clauses.map(({ t: at, label }) => `${clock(at).slice(0, 10)}  ${label}`).join('\n')
        return (
          <li key={head.t + head.label} className="absolute top-0" style={{ left: ring.x - 12 }}>
            <button
              type="button"
              className="grid size-6 place-items-center border-0 bg-transparent p-0"
              aria-current={isCurrent ? 'step' : undefined}
              aria-label={`${number}: ${words}`}
              title={words}
              onClick={() => onSeek(head)}
            >
              <ClauseRing number={number} place={place} isFault={head.tone === 'fault'} />
            </button>
          </li>
        )
      })}
    </ol>
  )
}
