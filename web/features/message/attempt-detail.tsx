import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionClass, sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { statusClass } from '#web/ui/status.tsx'
import { clock, durationWords } from '../words/figures.ts'
import { stackPlaces } from './stack-places.ts'

/** The attempt that is open below the waterfall. `key` names it in the address. */
export interface SelectedAttempt {
  group: string
  key: string
  attempt: Attempt
}

/** One attempt in words: its error, or what it did. */
export function AttemptDetail({
  selected: { attempt, group },
  journey,
  givenUp,
}: {
  selected: SelectedAttempt
  journey: Journey
  /** Whether the message was dead-lettered after it and redriven since. */
  givenUp: boolean
}) {
  const obligation = journey.obligations.find((candidate) => candidate.group === group)
  const last = obligation?.attempts.at(-1) === attempt
  const places = stackPlaces(attempt.error?.stack)
  const replica = attempt.instance.replace(`${group}-`, 'replica ')
  const fate =
    attempt.error === undefined
      ? undefined
      : last && obligation?.state === 'dead_lettered'
        ? 'the last one'
        : givenUp
          ? 'the last one before the redrive'
          : 'retryable'
  const index = (obligation?.attempts.indexOf(attempt) ?? 0) + 1
  const maybeMailed =
    attempt.error?.type === 'AttemptTimeout' && obligation?.attempts.some((other) => other.effect?.kind === 'email')
  return (
    <section className={cn(sectionClass, 'gap-1')} aria-live="polite">
      <div className={sectionHead}>
        <h3>Attempt {index}</h3>
        {attempt.error ? <span className={cn(statusClass, 'tone-retrying')}>{attempt.error.type}</span> : null}
        {attempt.outcome === 'interrupted' ? <span className={cn(statusClass, 'tone-idle')}>interrupted</span> : null}
        {attempt.fencedAt === undefined ? null : <span className={cn(statusClass, 'tone-retrying')}>fenced</span>}
        <span className="flex-1" />
        <span className="type-11 text-fg-3">{[replica, fate].filter(Boolean).join(', ')}</span>
      </div>
      {attempt.error ? (
        <div className="flex min-w-0 flex-wrap items-baseline gap-2 wrap-anywhere">
          <span>{attempt.error.message}</span>
          <span className="flex-1" />
          {places.length > 0 ? (
            <code className="whitespace-nowrap text-fg-3" title={attempt.error.stack}>
              {places.join(' ‹ ')}
            </code>
          ) : null}
        </div>
      ) : null}
      {attempt.outcome === 'interrupted' ? <p>{interruption(attempt)}</p> : null}
      {attempt.effect?.suppressed ? (
        <p>
          {attempt.effect.kind === 'row'
            ? 'The inbox knew this message: its row was there already, so nothing was written twice.'
            : 'The effect was there already, so nothing was done twice.'}
        </p>
      ) : null}
      {attempt.error && attempt.effect && !attempt.effect.suppressed ? (
        <p>
          It failed after it had acted: its {attempt.effect.kind === 'email' ? 'mail was sent' : 'row was written'}.
        </p>
      ) : null}
      {attempt.fencedAt === undefined ? null : (
        <p>
          The broker refused its settlement at {clock(attempt.fencedAt)}: it had given the message to another meanwhile.
        </p>
      )}
      {maybeMailed ? (
        <p className="text-fg-3">The server may have taken this mail too: SMTP cannot promise one.</p>
      ) : null}
      <p className="text-fg-3">
        Started {clock(attempt.startedAt)}, waited {durationWords(attempt.queueMs)}
        {attempt.handlingMs === undefined ? ', still running' : `, took ${durationWords(attempt.handlingMs)}`}
        {attempt.receiveCount > 1 ? `, delivery ${attempt.receiveCount}` : ''}
      </p>
    </section>
  )
}

function interruption({ instance, endedBy }: Attempt): string {
  if (endedBy === undefined) return 'The worker was shutting down, or was gone. The message is given out again.'
  return `The process of ${instance} ended in the middle of it (${endedBy.how}). The message is given out again.`
}
