import type { LedgerSummary } from '#contracts/api/ledger.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { MessagesLink } from '../messages/messages-link.tsx'
import { clock, count } from '../words/figures.ts'
import { sourceView } from './ledger-words.ts'

interface SourceListProps {
  watermark: LedgerSummary['watermark']
  pending: number
  toldTwice: LedgerSummary['toldTwice']
}

/** Up to when every source has told what it knows: before that moment nothing can come that contradicts. */
export function SourceList({ watermark: { at, sources }, pending, toldTwice }: SourceListProps) {
  return (
    <div>
      <div className="sect__head">
        <h2>Watermark</h2>
        <span className="t3">{at === null ? 'not every source was heard yet' : `all is told up to ${clock(at)}`}</span>
      </div>
      <ul>
        {sources.map((source) => {
          const { tone, glyph, word } = sourceView(source)
          return (
            <li key={source.service} className="lx__line lx__line--2">
              <span className={`status s-${tone}`}>
                <Glyph name={glyph} />
                <span className="t2">{source.service}</span>
              </span>
              <span>{word}</span>
            </li>
          )
        })}
      </ul>
      {toldTwice.map(({ instance, records, samples }) => (
        <p key={instance} className="lx__none">
          <span className="status s-lost">
            <Glyph name="lost" />
            {instance}
          </span>{' '}
          told {records === 1 ? '1 record' : `${count(records)} records`} twice
          {samples.length === 0 ? null : (
            <>
              : <MessagesLink filters={{ ids: samples.join() }}>show the messages</MessagesLink>
            </>
          )}
        </p>
      ))}
      {pending > 0 ? (
        <p className="t3 lx__none">
          {pending === 1 ? '1 suspicion waits' : `${count(pending)} suspicions wait`} until it has passed them.
        </p>
      ) : null}
    </div>
  )
}
