'use client'

import type { Journey } from '#contracts/api/journey.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { panelSub } from '#web/ui/recipes/panel-parts.ts'
import { useFlow } from '../flows/flow-queries.ts'
import { flowName, flowStateView } from '../flows/flow-words.ts'
import { senderOf } from '../nodes/sender.ts'

/** Events that are named one by one. */
const namedAtMost = 4

const open = (id: string) => ({ message: id, attempt: undefined, tab: undefined })

/** Where a message is between cause and effect: its flow, what caused it, and what it caused. Nothing if it is alone. */
export function MessageFlow({ journey }: { journey: Journey }) {
  const { cause, correlationId } = journey
  const hasFlows = useLive((live) => live.flows.length > 0)
  const flow = useFlow(hasFlows ? (correlationId ?? journey.id) : undefined).data
  const caused = flow?.journeys.filter((other) => other.cause?.id === journey.id) ?? []
  if (!cause && !flow) return null
  return (
    <div className={panelSub}>
      {flow ? (
        <span>
          flow{' '}
          <RouteLink patch={{ flow: flow.id, message: undefined, attempt: undefined, tab: undefined }}>
            {flowName(flow)}
          </RouteLink>
          , {flowStateView[flow.state].word}
        </span>
      ) : null}
      {cause ? (
        <span>
          caused by{' '}
          <RouteLink patch={open(cause.id)} title={cause.id}>
            {cause.id.split(':')[2] ?? cause.id}
          </RouteLink>{' '}
          in {senderOf(journey) || cause.group}, attempt {cause.attempt}
        </span>
      ) : null}
      {caused.length === 0 ? null : (
        <span>
          caused{' '}
          {caused.slice(0, namedAtMost).map((other, at) => (
            <span key={other.id}>
              {at === 0 ? '' : ', '}
              <RouteLink patch={open(other.id)} title={other.id}>
                {other.type}
              </RouteLink>
            </span>
          ))}
          {caused.length > namedAtMost ? ` and ${caused.length - namedAtMost} more` : ''}
        </span>
      )}
    </div>
  )
}
