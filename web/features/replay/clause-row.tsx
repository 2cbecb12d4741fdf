'use client'
import { cn } from '#web/ui/recipes/cn.ts'
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
        const isAhead = !isCurrent && head.shownAt > t
        const words = ring.clauses.map(({ t: at, label }) => `${clock(at).slice(0, 10)}  ${label}`).join('\n')
        return (
          <li key={head.t + head.label} className="absolute top-0" style={{ left: ring.x - 12 }}>
            <button
              type="button"
              className="grid size-6 place-items-center border-0 bg-transparent p-0"
              aria-current={isCurrent ? 'step' : undefined}
              aria-label={`${first + ring.number - 1}: ${words}`}
              title={words}
              onClick={() => onSeek(head)}
            >
              <span
                className={cn(
                  'inline-flex h-5 min-w-5 items-center justify-center rounded-full border bg-surface px-0.5 type-11 tabular-nums',
                  isCurrent
                    ? 'border-accent bg-accent font-semibold text-surface'
                    : isAhead
                      ? 'border-dashed border-border-strong text-fg-3'
                      : 'border-border-strong text-fg-2',
                  !isCurrent && head.tone === 'fault' && 'border-fault text-fault-fg',
                )}
              >
                {first + ring.number - 1}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
