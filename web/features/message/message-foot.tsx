'use client'

import type { Journey } from '#contracts/api/journey.ts'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { go } from '#web/live/url-state.ts'
import { WhileLive } from '#web/live/while-live.tsx'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { usePublish } from '../publish/publish-store.ts'

/** What can be done with a message. */
export function MessageFoot({ journey }: { journey: Journey }) {
  const fill = usePublish((publish) => publish.fill)
  const { payload } = journey
  const copyable = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  return (
    <div className={cn(panelFoot, 'in-data-phone:hidden')}>
      <WhileLive>
        <Button
          disabled={!copyable}
          title={copyable ? undefined : 'Its payload is not a JSON object'}
          onClick={() => {
            if (!copyable) return
            fill({ type: journey.type, data: payload as Record<string, unknown> })
            go('/publish')
          }}
        >
          <Icon name="edit" />
          Publish a copy…
        </Button>
      </WhileLive>
      {brokerOf(journey.broker).system === 'aws_sqs' ? (
        <WhileLive>
          <RouteLink
            className={buttonClass()}
            path="/queues"
            patch={{
              pane: 'why',
              ask: journey.id,
              leg: undefined,
              message: undefined,
              attempt: undefined,
              tab: undefined,
            }}
          >
            <Icon name="queue" />
            Why not there?
          </RouteLink>
        </WhileLive>
      ) : null}
      <Button onClick={() => saveFile(`${journey.id.replaceAll(':', '-')}.json`, writeJson(journey, 2))}>
        <Icon name="download" />
        Export journey
      </Button>
    </div>
  )
}
