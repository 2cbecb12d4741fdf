'use client'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { groupWords, sumWords } from '../dead-letters/dead-letter-rows.ts'
import { useDeadLetterList } from '../dead-letters/dead-letters-query.ts'
import { count } from '../words/figures.ts'

/** Dead letters by cause, to read: a redrive needs the room to see what it changes. */
export function PhoneLetters() {
  const { causes, state, problem } = useDeadLetterList()
  if (causes.length === 0) {
    if (state === 'loading') return <div className={cn(emptyClass, 'flex-1')} aria-busy="true" />
    if (state === 'failed' && problem)
      return (
        <Empty className="flex-1" icon="alert" title={problem.title}>
          {problem.detail}
        </Empty>
      )
    return (
      <Empty className="flex-1" icon="dlq" title="No dead letters">
        What groups give up appears here.
      </Empty>
    )
  }
  return (
    <section className="bg-surface p-4">
      <h2 className="type-13 font-semibold">{sumWords(causes)}</h2>
      <p className="mb-2 text-fg-3">{groupWords(causes)}</p>
      <ul className="grid">
        {causes.map((cause) => (
          <li key={cause.key} className="grid gap-0.5 border-t border-line py-3">
            <div className="flex min-w-0 items-baseline gap-2">
              <b className="min-w-0 type-13 font-medium wrap-anywhere">{cause.errorType}</b>
              <span className="flex-1" />
              <b className="type-14 font-semibold">{count(cause.count)}</b>
            </div>
            <p className="wrap-anywhere text-fg-2">{cause.message}</p>
            <p className="text-fg-3">
              {cause.group}, {cause.types.join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
