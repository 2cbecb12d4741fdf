'use client'
import { cn } from '#web/ui/recipes/cn.ts'
import { count, durationWords, rate } from '../../words/figures.ts'
import { measureOf } from './find-nodes.ts'
import type { Hits } from './use-hits.ts'

/** Hits that the list has room for. */
const rows = 6

/** What was found, by its value; a click goes there. */
export function FoundList({ found: { text, hits, shown, show } }: { found: Hits }) {
  if (hits === undefined) return null
  const { name } = measureOf(text)
  const at = Math.max(
    0,
    hits.findIndex(({ id }) => id === shown),
  )
  const from = Math.max(0, Math.min(at - rows + 1, hits.length - rows))
  const listed = hits.slice(from, from + rows)
  return (
    <section
      aria-label="Found"
      className="absolute bottom-14 left-4 z-4 w-75 overflow-hidden rounded-md border border-border bg-surface"
    >
      <header className="flex h-8 items-center gap-2 px-3">
        <b className="type-12 font-medium">Found</b>
        <span className="min-w-0 flex-1 truncate type-11 text-fg-3">{text}</span>
        <span className="type-11 whitespace-nowrap text-fg-3">
          {hits.length === 0 ? 'nothing' : `sorted by ${name}`}
        </span>
      </header>
      <ul className="m-0 list-none p-0">
        {listed.map((hit) => (
          <li key={hit.id}>
            <button
              type="button"
              aria-current={hit.id === shown}
              className={cn(
                'flex h-7 w-full items-center gap-2 border-0 border-t border-line bg-transparent px-3 text-left hover:bg-hover',
                hit.id === shown && 'bg-accent-bg shadow-[inset_2px_0_0_var(--accent)]',
              )}
              onClick={() => show(hit.id)}
            >
              <span className="min-w-0 flex-1 truncate">{hit.name}</span>
              {hit.oldestMs === undefined ? null : (
                <span className="type-11 whitespace-nowrap text-fg-3">oldest {durationWords(hit.oldestMs)}</span>
              )}
              <b className="w-14 text-right font-semibold text-in-flight-fg">
                {name === 'lag' ? count(hit.value) : rate(hit.value)}
              </b>
            </button>
          </li>
        ))}
      </ul>
      {hits.length > rows ? (
        <p className="m-0 border-t border-line px-3 py-1 type-11 text-fg-3">
          {from + 1}–{from + listed.length} of {count(hits.length)}
        </p>
      ) : null}
    </section>
  )
}
