'use client'

import type { ReactNode } from 'react'
import type { QueueRow, QueuesView } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { useParam } from '#web/live/url-state.ts'
import { Glyph, type GlyphName } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { panelHead } from '#web/ui/recipes/panel-parts.ts'
import { type Tone, toneClass } from '#web/ui/recipes/tone.ts'
import { Chip } from '#web/ui/status.tsx'
import { age, count } from '../words/figures.ts'
import { AttributesSection } from './attributes-section.tsx'
import { MoveBar } from './move-bar.tsx'
import { PeekSection } from './peek-section.tsx'
import { depthOf, editable } from './queue-models.ts'
import { RemoveButton } from './remove-button.tsx'
import { SendButton } from './send/send-button.tsx'
import { SendForm } from './send/send-form.tsx'

/** One queue: counts, attributes, messages, and what can be done with them. */
export function QueuePane({ queue, view, canChange }: { queue: QueueRow; view: QueuesView; canChange: boolean }) {
  const form = useParam('form')
  const legs = view.subscriptions.filter(({ endpoint }) => endpoint === queue.arn)
  const filtered = legs.filter(({ filterPolicy }) => filterPolicy !== undefined).length
  const letters = queue.deadLettersOf.length > 0 ? queue : view.queues.find(({ arn }) => arn === queue.deadLetterQueue)
  return (
    <>
      <div className="min-h-0 flex-1 overflow-auto">
        <div className={cn(panelHead, 'flex-wrap py-1')}>
          <Icon name={queue.deadLettersOf.length > 0 ? 'dlq' : 'queue'} size={16} />
          <h3 className="min-w-0 truncate type-14 font-semibold">{queue.name}</h3>
          <Chip>{queue.fifo ? 'FIFO' : 'standard'}</Chip>
          {queue.lab ? <Chip>of this lab</Chip> : null}
          <span className="min-w-0 flex-1 truncate text-fg-3">
            {legs.length === 1 ? '1 subscription' : `${legs.length} subscriptions`}
            {filtered === 0 ? '' : `, ${filtered} with a filter`}
          </span>
          {canChange ? (
            <span className="flex flex-none items-center gap-2">
              <SendButton label="Send…" />
              <RemoveButton what="purge" arn={queue.arn} name={queue.name} />
              <RemoveButton what="delete" arn={queue.arn} name={queue.name} />
            </span>
          ) : null}
        </div>
        <div className="border-b border-line">
          <Counts queue={queue} />
        </div>
        {canChange && form === 'send' ? (
          <SendForm to="queue" arn={queue.arn} name={queue.name} fifo={queue.fifo} isOfLab={queue.lab} />
        ) : null}
        <AttributesSection
          arn={queue.arn}
          isOfLab={queue.lab}
          canChange={canChange}
          short={[...editable.queue, ...(queue.fifo ? editable.fifo : [])]}
          long={editable.long}
          said={['RedrivePolicy']}
        >
          <Relations queue={queue} />
        </AttributesSection>
        {view.service === 'simulator' ? <PeekSection queue={queue} legs={legs} /> : null}
      </div>
      {letters !== undefined && view.service === 'simulator' ? (
        <MoveBar letters={letters} view={view} canChange={canChange} />
      ) : null}
    </>
  )
}

/** Which queue takes its dead letters, and whose it takes. */
function Relations({ queue }: { queue: QueueRow }) {
  const { deadLetterQueue, maxReceiveCount, deadLettersOf } = queue
  if (deadLetterQueue === undefined && deadLettersOf.length === 0) return null
  return (
    <p className="text-fg-2">
      {deadLetterQueue === undefined ? null : (
        <>
          After {maxReceiveCount === 1 ? '1 receive' : `${maxReceiveCount} receives`} to{' '}
          <RouteLink className="text-accent-fg underline" patch={{ arn: deadLetterQueue, form: undefined }}>
            {nameOfArn(deadLetterQueue)}
          </RouteLink>
          .{' '}
        </>
      )}
      {deadLettersOf.length === 0 ? null : (
        <>
          Takes the dead letters of{' '}
          {deadLettersOf.map((arn, at) => (
            <span key={arn}>
              {at > 0 ? ', ' : ''}
              <RouteLink className="text-accent-fg underline" patch={{ arn, form: undefined }}>
                {nameOfArn(arn)}
              </RouteLink>
            </span>
          ))}
          .
        </>
      )}
    </p>
  )
}

function Counts({ queue }: { queue: QueueRow }) {
  const { visible, inFlight, delayed, oldestMs } = queue
  const depth = depthOf(queue)
  return (
    <dl className="mx-4 mb-3 grid grid-cols-4 rounded-md border border-border *:px-3 *:py-2 *:not-first:border-l *:not-first:border-line max-[599px]:grid-cols-2 max-[599px]:*:nth-3:border-l-0">
      <Count tone="in-flight" glyph="waiting" name="Visible" figure={visible}>
        can be received
      </Count>
      <Count tone="in-flight" glyph="handling" name="In flight" figure={inFlight}>
        being handled
      </Count>
      <Count tone="retrying" glyph="retrying" name="Delayed" figure={delayed}>
        not yet visible
      </Count>
      <Count name="Depth" figure={depth}>
        {depth === 0 || oldestMs === undefined ? '' : `oldest ${age(oldestMs)}`}
      </Count>
    </dl>
  )
}

function Count({
  tone,
  glyph,
  name,
  figure,
  children,
}: {
  tone?: Tone
  glyph?: GlyphName
  name: string
  figure: number
  children: ReactNode
}) {
  return (
    <div className="min-w-0">
      <dt className={cn('flex items-center gap-1.5 type-11 text-fg-2', tone && toneClass[tone])}>
        {glyph === undefined ? null : <Glyph name={glyph} className="size-2.5 text-tone" />}
        {name}
      </dt>
      <dd className="truncate">
        <b className="type-16 font-semibold tabular-nums">{count(figure)}</b>{' '}
        <span className="type-11 text-fg-3">{children}</span>
      </dd>
    </div>
  )
}
