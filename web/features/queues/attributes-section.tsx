'use client'

import { type ReactNode, useState } from 'react'
import type { QueueDetails } from '#contracts/api/queues/queues.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { AttributesForm } from './attributes-form.tsx'
import { attributeWords } from './queue-models.ts'
import { useDetails } from './queues-query.ts'

interface AttributesSectionProps {
  arn: string
  isOfLab: boolean
  canChange: boolean
  /** Attributes that can be set: those with a short value, and JSON texts. */
  short: readonly string[]
  long: readonly string[]
  /** What `children` say in words. */
  said?: readonly string[]
  children?: ReactNode
}

/** Attributes and tags as AWS's own calls answer them, and a form that the service itself checks. */
export function AttributesSection({
  arn,
  isOfLab,
  canChange,
  short,
  long,
  said = [],
  children,
}: AttributesSectionProps) {
  const [editing, setEditing] = useState(false)
  const { data, error } = useDetails(arn)
  return (
    <Section
      title="Attributes"
      actions={
        canChange && !editing && data !== undefined ? (
          <Button small onClick={() => setEditing(true)}>
            <Icon name="edit" size={12} />
            Edit…
          </Button>
        ) : undefined
      }
    >
      {error === null ? null : <ProblemNote problem={error} />}
      {data === undefined ? null : editing ? (
        <AttributesForm details={data} isOfLab={isOfLab} short={short} long={long} onDone={() => setEditing(false)} />
      ) : (
        <Shown details={data} long={long} said={said} />
      )}
      {children}
    </Section>
  )
}

/** What the tiles above say, or what the head does. */
const elsewhere =
  /^(QueueArn|TopicArn|SubscriptionArn|ApproximateNumber|EffectiveDeliveryPolicy|Owner|ConfirmationWasAuthenticated|\w+Timestamp$)/

function Shown({
  details: { arn, attributes, tags },
  long,
  said,
}: {
  details: QueueDetails
  long: readonly string[]
  said: readonly string[]
}) {
  const entries = Object.entries(attributes).filter(
    ([name, value]) => !elsewhere.test(name) && !said.includes(name) && value !== '',
  )
  const isLong = ([name]: [string, string]) => long.includes(name)
  return (
    <>
      <div className="flex min-w-0 items-center gap-2">
        <code className="min-w-0 flex-1 truncate type-mono-11 text-fg-2" title={arn}>
          {arn}
        </code>
        <CopyButton text={arn} label="Copy ARN" />
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1 max-[599px]:grid-cols-1">
        {entries
          .filter((entry) => !isLong(entry))
          .map(([name, value]) => (
            <div key={name} className="flex min-w-0 justify-between gap-3">
              <dt className="min-w-0 truncate type-mono-11 text-fg-3" title={name}>
                {name}
              </dt>
              <dd className="flex-none text-fg">{attributeWords(name, value)}</dd>
            </div>
          ))}
      </dl>
      {entries.filter(isLong).map(([name, value]) => (
        <div key={name} className="grid min-w-0 gap-0.5">
          <span className="type-mono-11 text-fg-3">{name}</span>
          <code className="block rounded-sm bg-sunken px-2 type-mono-11 wrap-anywhere text-fg-2" title={value}>
            <span className="my-1 line-clamp-2">{value}</span>
          </code>
        </div>
      ))}
      {Object.keys(tags).length === 0 ? null : (
        <p className="text-fg-2">
          <span className="text-fg-3">Tags </span>
          {Object.entries(tags)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')}
        </p>
      )}
    </>
  )
}
