import type { ComponentProps } from 'react'
import type { Clause } from '#contracts/api/narration.ts'
import { momentOf } from '#contracts/narration/evidenced-text.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { ClauseRing } from './clause-ring.tsx'
import { EvidenceChip } from './evidence-chip.tsx'

interface ClauseListProps {
  clauses: readonly Clause[]
  /** Index of the last sentence that has happened, -1 before the first; absent: the run is not replayed, and all have. */
  current?: number
  /** Called with the sentence whose moment is asked for; absent: none can be. */
  onSeek?: (clause: Clause) => void
}

/** What happened in a run, a numbered sentence each, with the claim marked and the evidence below it. */
export const ClauseList = ({ clauses, current, onSeek }: ClauseListProps) => (
  <ol className={current === undefined ? 'grid gap-2.5' : 'grid'} data-clauses={clauses.length}>
    {clauses.map((clause, index) => (
      <li
        // biome-ignore lint/suspicious/noArrayIndexKey: the journal gives the same sentences in the same order
        key={index}
        className={cn(
          'grid grid-cols-[20px_minmax(0,1fr)_max-content] gap-x-2.5 gap-y-1',
          current !== undefined && 'border-l-2 border-transparent px-4 py-2',
          index === current && 'border-accent bg-accent-bg',
        )}
        aria-current={index === current ? 'step' : undefined}
        ref={index === current ? inSight : undefined}
      >
        <ClauseNumber
          number={index + 1}
          place={current === undefined || index < current ? 'past' : index === current ? 'current' : 'ahead'}
          {...(onSeek ? { onSeek: () => onSeek(clause) } : {})}
        />
        <p className="wrap-anywhere text-fg-2">
          {clause.parts.map(({ text, claim }, part) =>
            claim ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence stay where they are
              <b key={part} className="font-semibold text-fg">
                {text}
              </b>
            ) : (
              text
            ),
          )}
        </p>
        <span className="tabular-nums text-fg-3">{momentOf(clause)}</span>
        <ul className="col-span-2 col-start-2 flex min-w-0 flex-wrap gap-1" aria-label="Evidence">
          {clause.evidence.map((piece) => (
            <li key={`${piece.kind} ${piece.label} ${piece.line} ${piece.id ?? ''}`} className="min-w-0">
              <EvidenceChip of={piece} />
            </li>
          ))}
        </ul>
      </li>
    ))}
  </ol>
)

const inSight = (element: HTMLLIElement | null): void => element?.scrollIntoView({ block: 'nearest' })

/** The number of a sentence; a button where its moment can be shown. */
function ClauseNumber({ onSeek, ...ring }: ComponentProps<typeof ClauseRing> & { onSeek?: () => void }) {
  return onSeek ? (
    <button
      type="button"
      className="inline-flex h-5 rounded-full border-0 bg-transparent p-0"
      aria-label={`Show the moment of sentence ${ring.number}`}
      onClick={onSeek}
    >
      <ClauseRing {...ring} />
    </button>
  ) : (
    <span className="inline-flex h-5" aria-hidden="true">
      <ClauseRing {...ring} />
    </span>
  )
}
