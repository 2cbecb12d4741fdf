'use client'

import type { QueuesView, TopicRow } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { useParam } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelHead } from '#web/ui/recipes/panel-parts.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { Chip } from '#web/ui/status.tsx'
import { AttributesSection } from './attributes-section.tsx'
import { editable, policyKeysOf } from './queue-models.ts'
import { RemoveButton } from './remove-button.tsx'
import { SendButton } from './send/send-button.tsx'
import { SendForm } from './send/send-form.tsx'

/** One topic: attributes, who is subscribed and with which filter, and a form to publish. */
export function TopicPane({ topic, view, canChange }: { topic: TopicRow; view: QueuesView; canChange: boolean }) {
  const form = useParam('form')
  const legs = view.subscriptions.filter(({ topicArn }) => topicArn === topic.arn)
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className={cn(panelHead, 'flex-wrap border-b border-line py-1')}>
        <Icon name="topic" size={16} />
        <h3 className="min-w-0 truncate type-14 font-semibold">{topic.name}</h3>
        <Chip>{topic.fifo ? 'FIFO' : 'standard'}</Chip>
        {topic.lab ? <Chip>of this lab</Chip> : null}
        <span className="flex-1" />
        {canChange ? (
          <span className="flex flex-none items-center gap-2">
            <SendButton label="Publish…" />
            <RemoveButton what="delete" arn={topic.arn} name={topic.name} />
          </span>
        ) : null}
      </div>
      {canChange && form === 'send' ? (
        <SendForm to="topic" arn={topic.arn} name={topic.name} fifo={topic.fifo} isOfLab={topic.lab} />
      ) : null}
      <Section title="Subscriptions" aside={legs.length === 0 ? 'none: what is published goes nowhere' : undefined}>
        {legs.length === 0 ? null : (
          <div className="overflow-x-auto">
            <table className={cn(tableClass, 'min-w-110')}>
              <thead>
                <tr>
                  <th>To</th>
                  <th className="w-24">Delivery</th>
                  <th className="w-27.5">Filter</th>
                  <th className="w-27.5">Dead letters</th>
                </tr>
              </thead>
              <tbody>
                {legs.map((leg) => (
                  <tr key={leg.arn}>
                    <td>
                      <RouteLink className="text-accent-fg" patch={{ arn: leg.arn, form: undefined }}>
                        {leg.protocol === 'sqs' ? nameOfArn(leg.endpoint) : leg.endpoint}
                      </RouteLink>
                    </td>
                    <td>{leg.pending ? 'not confirmed' : leg.raw ? 'raw' : 'in an envelope'}</td>
                    <td>{filterWords(leg.filterPolicy)}</td>
                    <td>{leg.redrivePolicy === undefined ? '–' : 'kept'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
      <AttributesSection
        arn={topic.arn}
        isOfLab={topic.lab}
        canChange={canChange}
        short={editable.topic}
        long={editable.topicLong}
      />
    </div>
  )
}

function filterWords(policy: string | undefined): string {
  const keys = policyKeysOf(policy)
  return keys === undefined ? 'takes all' : keys === 1 ? '1 key' : `${keys} keys`
}
