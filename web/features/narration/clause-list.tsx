import type { Clause } from '#contracts/api/narration.ts'
import { momentOf } from '#contracts/narration/told.ts'
import { EvidenceChip } from './evidence-chip.tsx'

/** What happened in a run, a numbered sentence each, with the claim marked and the evidence below it. */
export const ClauseList = ({ clauses }: { clauses: readonly Clause[] }) => (
  <ol className="grid gap-2.5" data-clauses={clauses.length}>
    {clauses.map((clause, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the journal gives the same sentences in the same order
      <li key={index} className="grid grid-cols-[20px_minmax(0,1fr)_max-content] gap-x-2.5 gap-y-1">
        <span
          className="grid size-5 place-items-center rounded-full border border-border-strong type-11 tabular-nums text-fg-2"
          aria-hidden="true"
        >
          {index + 1}
        </span>
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
