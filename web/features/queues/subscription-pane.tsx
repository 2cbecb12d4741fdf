'use client'

import type { QueueSubscription } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelHead } from '#web/ui/recipes/panel-parts.ts'
import { Chip } from '#web/ui/status.tsx'
import { AttributesSection } from './attributes-section.tsx'
import { editable } from './queue-models.ts'
import { RemoveButton } from './remove-button.tsx'

/** One subscription: its filter policy, raw delivery and dead letters. */
export function SubscriptionPane({ subscription, canChange }: { subscription: QueueSubscription; canChange: boolean }) {
  const { arn, topicArn, protocol, endpoint, pending, lab } = subscription
  const to = protocol === 'sqs' ? nameOfArn(endpoint) : endpoint
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className={cn(panelHead, 'flex-wrap border-b border-line py-1')}>
        <Icon name="link" size={16} />
        <h3 className="min-w-0 truncate type-14 font-semibold">
          <RouteLink className="text-inherit" patch={{ arn: topicArn, form: undefined }}>
            {nameOfArn(topicArn)}
          </RouteLink>{' '}
          →{' '}
          {protocol === 'sqs' ? (
            <RouteLink className="text-inherit" patch={{ arn: endpoint, form: undefined }}>
              {to}
            </RouteLink>
          ) : (
            to
          )}
        </h3>
        <Chip>{protocol}</Chip>
        {pending ? <Chip dashed>waits for its confirmation</Chip> : null}
        {lab ? <Chip>of this lab</Chip> : null}
        <span className="flex-1" />
        {canChange ? <RemoveButton what="delete" arn={arn} name={`the subscription of ${to}`} /> : null}
      </div>
      {arn.startsWith('arn:') ? (
        <AttributesSection
          arn={arn}
          isOfLab={lab}
          canChange={canChange}
          short={editable.subscription}
          long={editable.subscriptionLong}
        />
      ) : null}
    </div>
  )
}
