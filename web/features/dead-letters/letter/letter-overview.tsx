'use client'

import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import type { Attempt } from '#contracts/api/journey.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { pairsClass } from '#web/ui/recipes/pairs.ts'
import { panelBody, panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { statusClass } from '#web/ui/status.tsx'
import { JsonView } from '../../json/json-view.tsx'
import { useStoredJourney } from '../../messages/journey-query.ts'
import { reasonWords } from '../../messages/message-status.ts'
import { clock, count, durationWords } from '../../words/figures.ts'
import { firstText } from '../redrive/payload-draft.ts'

/** Why, from where, after which attempts, and with what in it. */
export function LetterOverview({ letter, onRedrive }: { letter: DeadLetterItem; onRedrive: () => void }) {
  const { error, topic, group, key, ref, reason, attempts, receiveCount, payload } = letter
  return (
    <>
      <div className={panelBody} data-fades="">
        <Section
          className="flex-none"
          title={error.type}
          aside={reason === undefined ? 'moved by the broker' : reasonWords[reason]}
        >
          <p className="wrap-anywhere">{error.message}</p>
          {error.stack === undefined ? null : <Stack stack={error.stack} />}
        </Section>
        <Section
          className="flex-none"
          title="Attempts"
          aside={`${count(attempts)} of its handler, ${receiveCount === 1 ? '1 delivery' : `${count(receiveCount)} deliveries`}`}
        >
          <Attempts letter={letter} />
        </Section>
        <Section className="flex-none" title="Came from">
          <dl className={pairsClass}>
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
          className="flex-none"
          title={payload === undefined ? 'Body, no JSON' : 'Payload'}
          actions={<CopyButton text={firstText(letter)} />}
        >
          {payload === undefined ? (
            <pre className={cn(codeClass, 'px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>
              {letter.raw || 'empty'}
            </pre>
          ) : (
            <JsonView text={firstText(letter)} tight />
          )}
        </Section>
      </div>
      <div className={panelFoot}>
        <Button variant="primary" onClick={onRedrive}>
          <Icon name="retry" />
          Edit and redrive…
        </Button>
      </div>
    </>
  )
}

const Stack = ({ stack, className }: { stack: string; className?: string }) => (
  <details className={className}>
    <summary className="cursor-pointer text-fg-3">Stack</summary>
    <pre className={cn(codeClass, 'mt-1 px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>{stack}</pre>
  </details>
)

/** Every attempt with its error, as telemetry reported them; the letter itself holds only the last error. */
function Attempts({ letter: { messageId, group, attempts } }: { letter: DeadLetterItem }) {
  const found = useAttempts(messageId, group)
  if (found === 'loading') return <p className="text-fg-3">Reading its journey…</p>
  if (found === undefined || found.length === 0) {
    return (
      <p className="text-fg-3">
        {messageId === undefined
          ? 'No handler saw it: nothing in it says which message it is.'
          : attempts === 0 || found?.length === 0
            ? 'No handler saw it.'
            : 'Its journey is no longer kept: the last error is above.'}
      </p>
    )
  }
  return (
    <ul className="grid gap-2">
      {found.map((attempt, index) => (
        <li key={`${attempt.instance} ${attempt.startedAt}`}>
          <div className="flex min-w-0 items-center gap-2">
            <span className={cn(statusClass, toneClass[attempt.error ? 'retrying' : 'idle'])}>
              <Glyph name={attempt.error ? 'retrying' : 'skipped'} />
              attempt {index + 1}
            </span>
            <b className="min-w-0 truncate">{attempt.error?.type ?? attempt.outcome ?? 'running'}</b>
            <span className="flex-1" />
            <span className="whitespace-nowrap text-fg-3">
              {attempt.instance}, {clock(attempt.startedAt)}
              {attempt.handlingMs === undefined ? '' : `, ${durationWords(attempt.handlingMs)}`}
            </span>
          </div>
          {attempt.error ? <p className="pl-4.5 wrap-anywhere text-fg-2">{attempt.error.message}</p> : null}
          {attempt.error?.stack === undefined ? null : <Stack stack={attempt.error.stack} className="pl-4.5" />}
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
