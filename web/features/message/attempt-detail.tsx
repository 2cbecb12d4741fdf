import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { clock, duration } from '../words/figures.ts'
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
}: {
  selected: SelectedAttempt
  journey: Journey
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
        : 'retryable'
  const index = (obligation?.attempts.indexOf(attempt) ?? 0) + 1
  const maybeMailed =
    attempt.error?.type === 'AttemptTimeout' && obligation?.attempts.some((other) => other.effect?.kind === 'email')
  return (
    <section className="sect message__attempt" aria-live="polite">
      <div className="sect__head">
        <h3>Attempt {index}</h3>
        {attempt.error ? <span className="status s-retrying">{attempt.error.type}</span> : null}
        {attempt.outcome === 'interrupted' ? <span className="status s-idle">interrupted</span> : null}
        {attempt.fencedAt === undefined ? null : <span className="status s-retrying">fenced</span>}
        <span className="spacer" />
        <span className="t3">{[replica, fate].filter(Boolean).join(', ')}</span>
      </div>
      {attempt.error ? (
        <div className="row message__error">
          <span>{attempt.error.message}</span>
          <span className="spacer" />
          {places.length > 0 ? (
            <code className="t3 nowrap" title={attempt.error.stack}>
              {places.join(' ‹ ')}
            </code>
          ) : null}
        </div>
      ) : null}
      {attempt.outcome === 'interrupted' ? <p>{interruption(attempt)}</p> : null}
      {attempt.effect?.suppressed ? (
        <p>
          {attempt.effect.kind === 'row'
            ? 'The inbox knew this message: its row stood already, so nothing was written twice.'
            : 'The effect stood already, so nothing was done twice.'}
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
      {maybeMailed ? <p className="t3">The server may have taken this mail too: SMTP cannot promise one.</p> : null}
      <p className="t3">
        Started {clock(attempt.startedAt)}, waited {duration(attempt.queueMs)}
        {attempt.handlingMs === undefined ? ', still running' : `, took ${duration(attempt.handlingMs)}`}
        {attempt.receiveCount > 1 ? `, delivery ${attempt.receiveCount}` : ''}
      </p>
    </section>
  )
}

function interruption({ instance, endedBy }: Attempt): string {
  if (endedBy === undefined) return 'The worker was shutting down, or was gone. The message is given out again.'
  return `The process of ${instance} ended in the middle of it (${endedBy.how}). The message is given out again.`
}
