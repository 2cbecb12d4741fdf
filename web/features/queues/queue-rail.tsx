'use client'

import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { QueueRow, QueuesView } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { useParam } from '#web/live/url-state.ts'
import { TextInput } from '#web/ui/field.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { countClass } from '#web/ui/recipes/count.ts'
import { Chip } from '#web/ui/status.tsx'
import { age, count } from '../words/figures.ts'
import { depthOf, hasManyPlaces, policyKeysOf, railOf } from './queue-models.ts'

/** All that there is, by kind, with a filter. ↑ and ↓ go from one to the next. */
export function QueueRail({ view }: { view: QueuesView }) {
  const [typed, setTyped] = useState('')
  const { topics, queues, deadLetters, subscriptions } = railOf(view, typed)
  const many = hasManyPlaces(view)
  const placeOf = (one: { account: string; region: string }): string | undefined =>
    many ? `${one.region} · ${one.account}` : undefined
  const none = topics.length + queues.length + deadLetters.length + subscriptions.length === 0
  return (
    <nav className="flex min-h-0 flex-1 flex-col" aria-label="Queues and topics" onKeyDown={moveFocus}>
      <div className="flex-none p-2">
        <TextInput
          data-search=""
          aria-label="Find by name or ARN"
          placeholder="Find by name or ARN"
          value={typed}
          before={<Icon name="search" />}
          after={<kbd className="max-[959px]:hidden">/</kbd>}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-auto px-2 pb-3">
        {none ? (
          <p className="px-2 py-3 text-fg-3">
            {typed === '' ? 'There is nothing yet.' : `Nothing has “${typed}” in its name.`}
          </p>
        ) : null}
        <Group title="Topics" total={topics.length} figure="subscriptions">
          {topics.map((topic) => (
            <Row
              key={topic.arn}
              arn={topic.arn}
              icon="topic"
              name={topic.name}
              lab={topic.lab}
              place={placeOf(topic)}
              figure={count(topic.subscriptions)}
            />
          ))}
        </Group>
        <Group title="Queues" total={queues.length} figure="depth">
          {queues.map((queue) => (
            <QueueLine key={queue.arn} queue={queue} icon="queue" place={placeOf(queue)} />
          ))}
        </Group>
        <Group title="Dead letters" total={deadLetters.length} figure="depth">
          {deadLetters.map((queue) => (
            <QueueLine key={queue.arn} queue={queue} icon="dlq" place={placeOf(queue)} />
          ))}
        </Group>
        <Group title="Subscriptions" total={subscriptions.length} figure="filter">
          {subscriptions.map((one) => {
            const keys = policyKeysOf(one.filterPolicy)
            return (
              <Row
                key={one.arn}
                arn={one.arn}
                icon="link"
                name={`${nameOfArn(one.topicArn)} → ${one.protocol === 'sqs' ? nameOfArn(one.endpoint) : one.endpoint}`}
                lab={one.lab}
                place={one.pending ? 'waits for its confirmation' : undefined}
                figure={keys === undefined ? '–' : keys === 1 ? '1 key' : `${keys} keys`}
              />
            )
          })}
        </Group>
        {view.truncated ? <p className="px-2 py-3 text-fg-3">There are more than are listed.</p> : null}
      </div>
    </nav>
  )
}

function Group({
  title,
  total,
  figure,
  children,
}: {
  title: string
  total: number
  figure: string
  children: ReactNode
}) {
  if (total === 0) return null
  return (
    <section className="pt-2">
      <h3 className="flex h-7 items-center gap-2 px-2 type-12 text-fg-2">
        {title} <span className={countClass()}>{total}</span>
        <span className="ml-auto type-11 text-fg-3">{figure}</span>
      </h3>
      <ul>{children}</ul>
    </section>
  )
}

function QueueLine({ queue, icon, place }: { queue: QueueRow; icon: IconName; place: string | undefined }) {
  const { visible, inFlight, delayed, oldestMs, deadLettersOf } = queue
  const depth = depthOf(queue)
  const parts = [
    ...(visible > 0 ? [`${count(visible)} visible`] : []),
    ...(inFlight > 0 ? [`${count(inFlight)} in flight`] : []),
    ...(delayed > 0 ? [`${count(delayed)} delayed`] : []),
    ...(oldestMs === undefined || depth === 0 ? [] : [`oldest ${age(oldestMs)}`]),
  ]
  const of = deadLettersOf.length === 0 ? [] : [`of ${deadLettersOf.map(nameOfArn).join(', ')}`]
  const below = [...(place === undefined ? [] : [place]), ...of, ...parts].join(' · ')
  return (
    <Row
      arn={queue.arn}
      icon={icon}
      name={queue.name}
      lab={queue.lab}
      place={below === '' ? undefined : below}
      figure={count(depth)}
      strong={depth > 0}
    />
  )
}

function Row({
  arn,
  icon,
  name,
  lab,
  place,
  figure,
  strong = false,
}: {
  arn: string
  icon: IconName
  name: string
  lab: boolean
  /** A second, quiet line. */
  place: string | undefined
  figure: string
  strong?: boolean
}) {
  const chosen = useParam('arn') === arn
  const fifo = name.endsWith('.fifo')
  return (
    <li>
      <RouteLink
        data-rail-row=""
        className="flex min-h-7 items-center gap-2 rounded-sm px-2 py-0.5 text-fg-2 hover:bg-hover hover:no-underline aria-[current=true]:bg-hover aria-[current=true]:font-medium aria-[current=true]:text-fg"
        path="/queues"
        patch={{ arn, form: undefined, pane: undefined, message: undefined }}
        aria-current={chosen ? 'true' : undefined}
        title={`${name}${lab ? ', of this lab' : ''}\n${arn}${place === undefined ? '' : `\n${place}`}`}
      >
        <Icon name={icon} className="flex-none text-fg-3" />
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <span className="min-w-0 truncate">
              {fifo ? name.slice(0, -'.fifo'.length) : name}
              {fifo ? <span className="text-fg-3">.fifo</span> : null}
            </span>
            {fifo ? <Chip className="h-4 flex-none px-1">FIFO</Chip> : null}
            {lab ? (
              <>
                <Icon name="graph" size={12} className="flex-none text-fg-3" />
                <span className="sr-only">of this lab</span>
              </>
            ) : null}
          </span>
          {place === undefined ? null : <span className="block truncate type-11 font-normal text-fg-3">{place}</span>}
        </span>
        <span className={strong ? 'font-semibold text-fg tabular-nums' : 'type-11 text-fg-3 tabular-nums'}>
          {figure}
        </span>
      </RouteLink>
    </li>
  )
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (by === 0 || !(event.target instanceof HTMLElement)) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-rail-row]')]
  const at = rows.indexOf(event.target)
  const next = rows[at === -1 ? (by === 1 ? 0 : -1) : at + by]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
