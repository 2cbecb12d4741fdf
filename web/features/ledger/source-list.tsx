import type { LedgerSummary } from '#contracts/api/ledger.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { statusClass } from '#web/ui/status.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { clock, count } from '../words/figures.ts'
import { sourceView } from './ledger-words.ts'

interface SourceListProps {
  watermark: LedgerSummary['watermark']
  pending: number
  toldTwice: LedgerSummary['toldTwice']
}

/** Up to when every source has reported what it knows: before that moment nothing can come that contradicts. */
export function SourceList({ watermark: { at, sources }, pending, toldTwice }: SourceListProps) {
  return (
    <div className="min-w-0 px-4 py-3">
      <div className={sectionHead}>
        <h2 className="type-12 font-semibold whitespace-nowrap">Watermark</h2>
        <span className="type-11 text-fg-3">
          {at === null ? 'not every source was heard yet' : `everything is reported up to ${clock(at)}`}
        </span>
      </div>
      <ul>
        {sources.map((source) => {
          const { tone, glyph, word } = sourceView(source)
          return (
            <li key={source.service} className="grid h-6 grid-cols-[168px_1fr] items-center gap-2 text-fg-3">
              <span className={cn(statusClass, toneClass[tone])}>
                <Glyph name={glyph} />
                <span className="text-fg-2">{source.service}</span>
              </span>
              <span>{word}</span>
            </li>
          )
        })}
      </ul>
      {toldTwice.map(({ instance, records, samples }) => (
        <p key={instance} className="py-1">
          <span className={cn(statusClass, 'tone-lost')}>
            <Glyph name="lost" />
            {instance}
          </span>{' '}
          reported {records === 1 ? '1 record' : `${count(records)} records`} twice
          {samples.length === 0 ? null : (
            <>
              : <MessagesLink filters={{ ids: samples.join() }}>show the messages</MessagesLink>
            </>
          )}
        </p>
      ))}
      {pending > 0 ? (
        <p className="py-1 text-fg-3">
          {pending === 1 ? '1 suspicion waits' : `${count(pending)} suspicions wait`} until it has passed them.
        </p>
      ) : null}
    </div>
  )
}
