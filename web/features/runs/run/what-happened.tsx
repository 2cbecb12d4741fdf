import type { Clause } from '#contracts/api/narration.ts'
import { Section } from '#web/ui/panel.tsx'
import { duration } from '../../words/figures.ts'

/** The narration of a run: each sentence with its time and the lines of the journal that say it. */
export function WhatHappened({ clauses }: { clauses: readonly Clause[] }) {
  if (clauses.length === 0) return null
  return (
    <Section
      title="What happened"
      aside={clauses.length === 1 ? '1 clause' : `${clauses.length} clauses, each with its evidence`}
    >
      <ol className="grid gap-2">
        {clauses.map(({ t, parts, evidence }, index) => (
          <li key={`${t} ${parts[0]?.text}`} className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-2">
            <span className="inline-grid size-5 place-items-center rounded-full border border-border-strong type-11 text-fg-2">
              {index + 1}
            </span>
            <div className="min-w-0">
              <p className="wrap-anywhere text-fg-2">
                {parts.map(({ text, claim }) =>
                  claim ? (
                    <b key={text} className="font-semibold text-fg">
                      {text}
                    </b>
                  ) : (
                    text
                  ),
                )}
              </p>
              <ul className="mt-1 flex flex-wrap gap-1" aria-label="Evidence">
                {evidence.map(({ label, line, kind }) => (
                  <li
                    key={`${line} ${label}`}
                    className="inline-flex h-5 max-w-full items-center rounded-sm border border-border px-1.5 type-mono-11 text-accent-fg"
                    title={`line ${line} of the journal, ${kind}`}
                  >
                    <span className="truncate">{label}</span>
                  </li>
                ))}
              </ul>
            </div>
            <span className="type-11 text-fg-3 tabular-nums">{duration(t)}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
