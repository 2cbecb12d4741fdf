import type { KeyVerdict, QueueExplanation } from '#contracts/api/queues/explanation.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Status } from '#web/ui/status.tsx'
import { conditionWords, foundWords } from './condition-words.ts'

/** A filter policy as it was judged: a row a key with the value found, below it a row a condition. A key that fails is tinted. */
export function FilterKeys({ filter }: { filter: NonNullable<QueueExplanation['filter']> }) {
  const { scope, keys, combinations } = filter
  return (
    <section className="border-b border-line px-4 py-3" aria-label="Filter policy">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <h4 className="type-12 font-semibold">Filter policy, key by key</h4>
        <span className="type-11 text-fg-3">{scope}; every key, any condition of it</span>
        <span className="ml-auto type-11 text-fg-3">
          {combinations === 1 ? '1 combination' : `${combinations} combinations`} of 150
        </span>
      </div>
      {filter.readable ? (
        <Keys keys={keys} />
      ) : (
        <p className="text-fg-2">The body is not a JSON object, so no key has a value.</p>
      )}
    </section>
  )
}

function Keys({ keys }: { keys: readonly KeyVerdict[] }) {
  return (
    <ul className="overflow-hidden rounded-md border border-border *:not-first:border-t *:not-first:border-line">
      {keys.map((key) => (
        <li
          key={`${key.key} ${JSON.stringify(key.conditions)}`}
          className={cn('px-3 py-2', toneClass.lost, !key.passes && 'bg-tone-bg')}
          data-fails={key.passes ? undefined : ''}
        >
          <div className="flex min-w-0 items-center gap-2 text-fg">
            <b className="flex-none font-semibold mono">{key.key}</b>
            <span className="min-w-0 flex-1 truncate text-fg-2 mono">
              {key.anyOf === undefined ? foundWords(key) : 'one of these policies'}
            </span>
            <Status
              tone={key.passes ? 'delivered' : 'lost'}
              glyph={key.passes ? 'delivered' : 'lost'}
              className="flex-none"
            >
              {key.passes ? 'passes' : 'fails'}
            </Status>
          </div>
          {key.anyOf?.map((branch) => (
            <div key={JSON.stringify(branch)} className="mt-2 rounded-md bg-surface">
              <Keys keys={branch} />
            </div>
          ))}
          <ul>
            {key.conditions.map(({ condition, passes }) => (
              <li
                key={JSON.stringify(condition)}
                className={cn('mt-1 flex min-w-0 items-center gap-2', toneClass[passes ? 'delivered' : 'lost'])}
              >
                <Glyph
                  name={passes ? 'delivered' : 'lost'}
                  className="size-2.5 flex-none text-tone [--ink:var(--surface)]"
                />
                <span className="sr-only">{passes ? 'holds' : 'does not hold'}: </span>
                <code className="min-w-0 flex-1 wrap-anywhere type-mono-11 text-fg-2">{JSON.stringify(condition)}</code>
                <span className={cn('flex-none type-11', passes || key.passes ? 'text-fg-3' : 'text-tone-fg')}>
                  {conditionWords(condition, !passes && !key.passes)}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
