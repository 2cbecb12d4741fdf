'use client'

import type { QueueMessage, QueueSubscription } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { JsonView } from '#web/features/json/json-view.tsx'
import { RouteLink } from '#web/live/route-link.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { pairsClass } from '#web/ui/recipes/pairs.ts'
import { bytes, count } from '../words/figures.ts'

/** All that a peek knows of one message. */
export function PeekedMessageRow({ message, legs }: { message: QueueMessage; legs: readonly QueueSubscription[] }) {
  const { messageId, body, bodyCharacters, attributes, groupId, deduplicationId, deadLetterSource, labMessageId } =
    message
  const leg = legs[0]
  const facts: [string, string | undefined][] = [
    ['MessageId', messageId],
    ['MessageGroupId', groupId],
    ['MessageDeduplicationId', deduplicationId],
    ['DeadLetterQueueSourceArn', deadLetterSource],
    ['Sent', message.sentAt],
    ['Received', message.receives === 1 ? 'once' : `${count(message.receives)} times`],
  ]
  return (
    <div className="grid gap-2 py-2 text-fg">
      <div className="flex flex-wrap items-center gap-3">
        {labMessageId === undefined ? (
          <span className="text-fg-3">Not a message of the lab: no event of its producers has this id.</span>
        ) : (
          <>
            <RouteLink
              className="inline-flex items-center gap-1 text-accent-fg"
              path="/"
              patch={{ message: labMessageId, arn: undefined, form: undefined }}
            >
              <Icon name="right" size={12} />
              Journey of {labMessageId}
            </RouteLink>
            {leg === undefined ? null : (
              <RouteLink className="text-accent-fg" patch={{ leg: leg.arn, ask: labMessageId, pane: 'why' }}>
                Did it reach the other queues?
              </RouteLink>
            )}
          </>
        )}
        <span className="flex-1" />
        <CopyButton text={body} label="Copy body" />
      </div>
      <dl className={pairsClass}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd className="min-w-0 truncate mono" title={value}>
                {name === 'DeadLetterQueueSourceArn' ? nameOfArn(value) : value}
              </dd>
            </div>
          ),
        )}
      </dl>
      <span className="type-11 text-fg-3">
        Body
        {bodyCharacters === undefined
          ? `, ${bytes(body.length)}`
          : `, the first ${count(body.length)} of ${count(bodyCharacters)} characters`}
      </span>
      <div className="max-h-60 overflow-auto">
        <JsonView text={pretty(body)} tight />
      </div>
      {Object.keys(attributes).length === 0 ? null : (
        <>
          <span className="type-11 text-fg-3">Message attributes</span>
          <dl className={pairsClass}>
            {Object.entries(attributes).map(([name, { DataType, StringValue }]) => (
              <div key={name} className="contents">
                <dt>
                  <span className="mono">{name}</span> <span className="type-11">{DataType}</span>
                </dt>
                <dd className="min-w-0 truncate mono" title={StringValue}>
                  {StringValue ?? 'bytes'}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  )
}

/** JSON on lines of its own; numbers that JavaScript would round, and every other text, as they came. */
function pretty(text: string): string {
  if (/\d{16}/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
