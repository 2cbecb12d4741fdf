'use client'

import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { duration } from '../words/figures.ts'
import type { Outcome } from './publish-store.ts'

/** The result in one line; it is read out when it changes. */
export function ResultBar({ outcome }: { outcome: Outcome }) {
  return (
    <div className={outcome.state === 'none' || outcome.state === 'sending' ? 'sr' : 'result'} role="status">
      <Result outcome={outcome} />
    </div>
  )
}

function Result({ outcome }: { outcome: Outcome }) {
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
        <span className="t3 clip">{problem.status > 0 ? `${problem.status} ${problem.code}` : problem.detail}</span>
        <span className="spacer" />
        {problem.id === undefined ? null : <OpenMessage id={problem.id} />}
      </>
    )
  }
  const { answer } = outcome
  return (
    <>
      <Status tone="delivered" glyph="delivered">
        <b>Acknowledged in {duration(answer.ackMs)}</b>
      </Status>
      <dl>
        <div>
          <dt>Topic</dt>
          <dd>{answer.topic}</dd>
        </div>
        {answer.ref === undefined ? null : (
          <div className="result__ref">
            <dt>Broker’s id</dt>
            <dd className="clip" title={answer.ref}>
              <code>{answer.ref.slice(0, 8)}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>Message</dt>
          <dd>
            <code>{answer.id}</code>
          </dd>
        </div>
      </dl>
      <span className="spacer" />
      <OpenMessage id={answer.id} />
    </>
  )
}

const OpenMessage = ({ id }: { id: string }) => (
  <RouteLink className={buttonClass()} path="/" patch={{ message: id, node: undefined, edge: undefined }}>
    Open message <Icon name="right" size={12} />
  </RouteLink>
)
