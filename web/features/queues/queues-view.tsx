'use client'

import type { QueuesView as View } from '#contracts/api/queues/queues.ts'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import { go, setParams, useParam } from '#web/live/url-state.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { CreateForm, type CreateKind, createKinds } from './create-form.tsx'
import { QueuePane } from './queue-pane.tsx'
import { QueueRail } from './queue-rail.tsx'
import { reloadQueues, useQueues } from './queues-query.ts'
import { SubscriptionPane } from './subscription-pane.tsx'
import { TopicPane } from './topic-pane.tsx'
import { WhyPane } from './why-pane.tsx'

const close = (): void => go('/', { arn: undefined, form: undefined, leg: undefined, ask: undefined, pane: undefined })

/**
 * Topics, queues and subscriptions of the broker, in the place of the graph: what there is, one of them, and why a message did not reach a
 * queue. `?arn=` what is chosen, `?leg=` the subscription that is asked about. `isReading`: on a phone nothing is changed.
 */
export function QueuesScreen({ isReading = false }: { isReading?: boolean }) {
  const { data, error } = useQueues()
  return (
    <section
      className="flex min-h-0 min-w-0 flex-col bg-surface [grid-area:1/1/3/2] max-[599px]:min-h-full"
      aria-label="Queues"
      id="dock"
      tabIndex={-1}
      data-panel="queues"
    >
      <Head view={data} isReading={isReading} />
      {error === null ? null : (
        <ProblemNote className="mx-4 mb-2" problem={error}>
          {data === undefined ? null : ' What is shown was read before.'}{' '}
          <button type="button" className="underline" onClick={() => void reloadQueues()}>
            Try again
          </button>
        </ProblemNote>
      )}
      {data === undefined ? (
        <div className="flex-1" aria-busy={error === null} />
      ) : (
        <Body view={data} isReading={isReading} />
      )}
    </section>
  )
}

function Head({ view, isReading }: { view: View | undefined; isReading: boolean }) {
  const canChange = view?.service === 'simulator' && !isReading
  const pane = useParam('pane')
  return (
    <div className="flex min-h-12 flex-none flex-wrap items-center gap-2 border-b border-line py-1 pr-3 pl-4">
      <Icon name="queue" size={16} className="text-fg-2" />
      <h2 className="type-14 font-semibold">Queues</h2>
      <span className="min-w-0 flex-1 truncate pl-1 text-fg-3">{aboutWords(view)}</span>
      {canChange
        ? createKinds.map(({ kind, label }) => (
            <Button key={kind} className="max-[959px]:hidden" onClick={() => setParams({ form: `new-${kind}` })}>
              <Icon name="plus" />
              {label}
            </Button>
          ))
        : null}
      {view?.service === 'simulator' ? (
        <Button
          className="min-[1280px]:hidden"
          aria-pressed={pane === 'why'}
          onClick={() => setParams({ pane: pane === 'why' ? undefined : 'why' })}
        >
          <Icon name="help" />
          {pane === 'why' ? 'Back to the queue' : 'Why not here?'}
        </Button>
      ) : null}
      <IconButton label="Close the queues" onClick={close}>
        <Icon name="x" />
      </IconButton>
    </div>
  )
}

function aboutWords(view: View | undefined): string {
  if (view === undefined || view.service === 'none') return ''
  const where = view.endpoint?.replace(/^https?:\/\//, '') ?? ''
  if (view.service === 'read-only') return `SNS/SQS at ${where}, read only`
  const account = new Set([...view.queues, ...view.topics].map((one) => one.account))
  const whose =
    account.size === 1 ? `, account ${[...account][0]}` : account.size > 1 ? `, ${account.size} accounts` : ''
  return `SNS/SQS, simulated here at ${where}${whose}, kept in ${brokerOf(view.broker).words.store}`
}

function Body({ view, isReading }: { view: View; isReading: boolean }) {
  const chosen = useParam('arn')
  const form = useParam('form')
  const isWhy = useParam('pane') === 'why'
  if (view.service === 'none') {
    return (
      <div className="flex flex-1">
        <Empty
          icon="queue"
          title="This broker has no queues"
          action={<Button onClick={close}>Back to the topology</Button>}
        >
          {view.reason}. Switch the lab to Local or Redis to see them.
        </Empty>
      </div>
    )
  }
  const creating = createKinds.find(({ kind }) => form === `new-${kind}`)?.kind
  const open = chosen !== undefined || creating !== undefined || isWhy
  return (
    <div
      className={cn(
        'grid min-h-0 flex-1 grid-cols-[216px_minmax(0,1fr)_420px] *:min-h-0 *:min-w-0 min-[1440px]:grid-cols-[284px_minmax(0,1fr)_464px]',
        'max-[1279px]:grid-cols-[216px_minmax(0,1fr)] max-[959px]:grid-cols-1 min-[960px]:*:not-first:border-l min-[960px]:*:not-first:border-line',
      )}
    >
      <div className={cn('flex flex-col', open && 'max-[959px]:hidden')}>
        <QueueRail view={view} />
      </div>
      <div
        className={cn('flex flex-col', !open && 'max-[959px]:hidden', isWhy && 'max-[1279px]:hidden')}
        data-middle=""
      >
        <BackToList />
        {view.reason === undefined ? null : (
          <p className="border-b border-line bg-sunken px-4 py-2 text-fg-2">
            <Icon name="alert" size={12} className="mr-1 inline" />
            Only read: {view.reason}.
          </p>
        )}
        <Middle
          view={view}
          arn={chosen}
          creating={isReading ? undefined : creating}
          canChange={view.service === 'simulator' && !isReading}
        />
      </div>
      {view.service === 'simulator' ? (
        <div className={cn('flex flex-col', !isWhy && 'max-[1279px]:hidden')}>
          <BackToList />
          <WhyPane view={view} canChange={!isReading} />
        </div>
      ) : (
        <div className="grid place-items-center max-[1279px]:hidden">
          <p className="max-w-72 text-center text-fg-3">
            Why a message did not reach a queue is only known by the simulator.
          </p>
        </div>
      )}
    </div>
  )
}

/** Where the list has no room beside what was chosen. */
function BackToList() {
  return (
    <div className="border-b border-line px-3 py-1 min-[960px]:hidden">
      <Button small variant="ghost" onClick={() => setParams({ arn: undefined, form: undefined, pane: undefined })}>
        <Icon name="list" size={12} />
        All queues
      </Button>
    </div>
  )
}

function Middle({
  view,
  arn,
  creating,
  canChange,
}: {
  view: View
  arn: string | undefined
  creating: CreateKind | undefined
  canChange: boolean
}) {
  if (creating !== undefined) return <CreateForm key={creating} kind={creating} view={view} />
  const queue = view.queues.find((one) => one.arn === arn)
  if (queue !== undefined) return <QueuePane key={queue.arn} queue={queue} view={view} canChange={canChange} />
  const topic = view.topics.find((one) => one.arn === arn)
  if (topic !== undefined) return <TopicPane key={topic.arn} topic={topic} view={view} canChange={canChange} />
  const subscription = view.subscriptions.find((one) => one.arn === arn)
  if (subscription !== undefined) {
    return <SubscriptionPane key={subscription.arn} subscription={subscription} canChange={canChange} />
  }
  return (
    <div className="flex flex-1">
      <Empty
        icon="queue"
        title={arn === undefined ? 'Choose a topic, a queue or a subscription' : 'It is not there any more'}
      >
        {arn === undefined ? 'Messages are looked at without receiving them.' : arn}
      </Empty>
    </div>
  )
}
