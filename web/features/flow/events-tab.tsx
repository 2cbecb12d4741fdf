'use client'

import type { FlowView } from '#contracts/api/flow.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Section } from '#web/ui/panel.tsx'
import { Status } from '#web/ui/status.tsx'
import { messageStatus } from '../messages/message-status.ts'
import { senderOf } from '../nodes/sender.ts'
import { durationWords } from '../words/figures.ts'

/** The events of a flow in the order of their publishing, each a link to its message. */
export function EventsTab({ flow: { journeys, startedAt, dropped } }: { flow: FlowView }) {
  const start = Date.parse(startedAt)
  return (
    <Section title="Events" aside={dropped === 0 ? 'in the order of publishing' : `${dropped} more are no longer kept`}>
      <ul>
        {journeys.map((journey) => {
          const { label, tone, glyph } = messageStatus(journey.publish.state, journey.obligations)
          return (
            <li
              key={journey.id}
              className="grid grid-cols-[64px_1fr_auto] items-baseline gap-x-2 border-t border-line py-1 first:border-t-0"
            >
              <span className="text-fg-3">
                +{durationWords(Math.max(0, Date.parse(journey.publish.attemptedAt) - start))}
              </span>
              <span className="min-w-0 truncate">
                <RouteLink
                  className="mono font-medium"
                  patch={{ message: journey.id, attempt: undefined, tab: undefined }}
                  title={journey.id}
                >
                  {journey.type}
                </RouteLink>{' '}
                <span className="text-fg-3">
                  from {senderOf(journey)}
                  {journey.cause ? `, attempt ${journey.cause.attempt}` : ''}
                </span>
              </span>
              <Status tone={tone} glyph={glyph}>
                {label}
              </Status>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
