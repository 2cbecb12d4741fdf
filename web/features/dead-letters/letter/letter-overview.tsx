'use client'

import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import type { Attempt } from '#contracts/api/journey.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { JsonView } from '../../json/json-view.tsx'
import { useStoredJourney } from '../../messages/journey-query.ts'
import { reasonWords } from '../../messages/message-status.ts'
import { clock, count, duration } from '../../words/figures.ts'
import { firstText } from '../redrive/payload-draft.ts'

/** Why, from where, after which attempts, and with what in it. */
export function LetterOverview({ letter, onRedrive }: { letter: DeadLetterItem; onRedrive: () => void }) {
  const { error, topic, group, key, ref, reason, attempts, receiveCount, payload } = letter
  return (
    <>
      <div className="side__body dead__body">
        <Section title={error.type} aside={reason === undefined ? 'moved by the broker' : reasonWords[reason]}>
          <p className="dead__message">{error.message}</p>
          {error.stack === undefined ? null : <Stack stack={error.stack} />}
        </Section>
        <Section
          title="Attempts"
          aside={`${count(attempts)} of its handler, ${receiveCount === 1 ? '1 delivery' : `${count(receiveCount)} deliveries`}`}
        >
          <Attempts letter={letter} />
        </Section>
        <Section title="Came from">
          <dl className="kv">
            <dt>Topic</dt>
            <dd>
              <code>{topic || 'not known'}</code>
            </dd>
            <dt>Group</dt>
            <dd>{group}</dd>
            <dt>{ref !== undefined && /^\d+@\d+$/.test(ref) ? 'Partition @ offset' : 'Its id there'}</dt>
            <dd>
              <code>{ref?.replace('@', ' @ ') ?? 'not known'}</code>
            </dd>
            <dt>Key</dt>
            <dd>
              <code>{key ?? 'none'}</code>
            </dd>
          </dl>
        </Section>
        <Section
          title={payload === undefined ? 'Body, no JSON' : 'Payload'}
          actions={<CopyButton text={firstText(letter)} />}
        >
          {payload === undefined ? (
            <pre className="code code--wrap code--tight">{letter.raw || 'empty'}</pre>
          ) : (
            <JsonView text={firstText(letter)} tight />
          )}
        </Section>
      </div>
      <div className="side__foot">
        <Button variant="primary" onClick={onRedrive}>
          <Icon name="retry" />
          Edit and redrive…
        </Button>
      </div>
    </>
  )
}

const Stack = ({ stack }: { stack: string }) => (
  <details className="dead__stack">
    <summary>Stack</summary>
    <pre className="code code--wrap code--tight">{stack}</pre>
  </details>
)

/** Every attempt with its error, as telemetry told of them; the letter itself holds only the last error. */
function Attempts({ letter: { messageId, group, attempts } }: { letter: DeadLetterItem }) {
  const found = useAttempts(messageId, group)
  if (found === 'loading') return <p className="t3">Reading its journey…</p>
  if (found === undefined || found.length === 0) {
    return (
      <p className="t3">
        {messageId === undefined
          ? 'No handler saw it: nothing in it says which message it is.'
          : attempts === 0 || found?.length === 0
            ? 'No handler saw it.'
            : 'Its journey is no longer kept: the last error is above.'}
      </p>
    )
  }
  return (
    <ul className="dead__attempts">
      {found.map((attempt, index) => (
        <li key={`${attempt.instance} ${attempt.startedAt}`}>
          <div className="row">
            <span className={`status s-${attempt.error ? 'retrying' : 'idle'}`}>
              <Glyph name={attempt.error ? 'retrying' : 'skipped'} />
              attempt {index + 1}
            </span>
            <b className="clip">{attempt.error?.type ?? attempt.outcome ?? 'running'}</b>
            <span className="spacer" />
            <span className="t3 nowrap">
              {attempt.instance}, {clock(attempt.startedAt)}
              {attempt.handlingMs === undefined ? '' : `, ${duration(attempt.handlingMs)}`}
            </span>
          </div>
          {attempt.error ? <p className="t2">{attempt.error.message}</p> : null}
          {attempt.error?.stack === undefined ? null : <Stack stack={attempt.error.stack} />}
        </li>
      ))}
    </ul>
  )
}

/** Undefined: the journey is not there. */
function useAttempts(messageId: string | undefined, group: string): Attempt[] | 'loading' | undefined {
  const { data, isLoading } = useStoredJourney(messageId)
  return isLoading ? 'loading' : data?.obligations.find((one) => one.group === group)?.attempts
}
