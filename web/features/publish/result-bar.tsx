'use client'

import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { durationWords } from '../words/figures.ts'
import type { PublishAttempt } from './publish-store.ts'

/** The result in one line; it is read out when it changes. */
export function ResultBar({ outcome }: { outcome: PublishAttempt }) {
  return (
    <div
      className={
        outcome.state === 'none' || outcome.state === 'sending'
          ? 'sr-only'
          : 'flex min-h-14 items-center gap-6 border-t border-line bg-surface px-4'
      }
      role="status"
    >
      <Result outcome={outcome} />
    </div>
  )
}

function Result({ outcome }: { outcome: PublishAttempt }) {
  if (outcome.state === 'none' || outcome.state === 'sending') return null
  if (outcome.state === 'refused') {
    const { problem } = outcome
    return (
      <>
        <Status
          tone={problem.code === 'publish_indeterminate' ? 'idle' : 'lost'}
          glyph={problem.code === 'publish_indeterminate' ? 'indeterminate' : 'lost'}
        >
          <b>{problem.title}</b>
        </Status>
        <span className="min-w-0 truncate text-fg-3">
          {problem.status > 0 ? `${problem.status} ${problem.code}` : problem.detail}
        </span>
        <span className="flex-1" />
        {problem.id === undefined ? null : <OpenMessage id={problem.id} />}
      </>
    )
  }
  const { answer } = outcome
  return (
    <>
      <Status tone="delivered" glyph="delivered">
        <b>Acknowledged in {durationWords(answer.ackMs)}</b>
      </Status>
      <dl className="flex min-w-0 gap-6">
        <div>
          <dt className="type-11 text-fg-3">Topic</dt>
          <dd className="whitespace-nowrap text-fg">{answer.topic}</dd>
        </div>
        {answer.ref === undefined ? null : (
          <div className="max-[1279px]:hidden">
            <dt className="type-11 text-fg-3">Broker’s id</dt>
            <dd className="min-w-0 truncate whitespace-nowrap text-fg" title={answer.ref}>
              <code>{answer.ref.slice(0, 8)}</code>
            </dd>
          </div>
        )}
        <div>
          <dt className="type-11 text-fg-3">Message</dt>
          <dd className="whitespace-nowrap text-fg">
            <code>{answer.id}</code>
          </dd>
        </div>
      </dl>
      <span className="flex-1" />
      <OpenMessage id={answer.id} />
    </>
  )
}

const OpenMessage = ({ id }: { id: string }) => (
  <RouteLink className={buttonClass()} path="/" patch={{ message: id, node: undefined, edge: undefined }}>
    Open message <Icon name="right" size={12} />
  </RouteLink>
)
