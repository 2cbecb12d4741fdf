'use client'

import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { Status } from '#web/ui/status.tsx'
import { cardWords, lagOf, lagThreshold } from '../nodes/card-words.ts'
import { iconOf, kindOf, shortName, stateView } from '../nodes/node-words.ts'
import { type FoldableNode, figuresOf, isRetry } from '../nodes/retry-nodes.ts'
import { PhoneFaults } from './phone-faults.tsx'
import { phoneFlowOf, totalTopicWords } from './phone-flow.ts'
import { PhoneFlowsLink } from './phone-flows.tsx'
import { PhoneGroupLedger, PhoneLedger } from './phone-ledger.tsx'

/** The ledger, faults, groups with what they owe, then the flow from producer to effect, one line a node. */
export function PhoneLab() {
  const topology = useLive((live) => live.topology)
  const flow = useMemo(() => phoneFlowOf(topology), [topology])
  const consumers = flow.filter((node) => node.kind === 'consumer')
  if (flow.length === 0) {
    return (
      <Empty className="flex-1" icon="graph" title="Waiting for the lab">
        It appears as soon as it answers.
      </Empty>
    )
  }
  return (
    <>
      <PhoneLedger />
      <PhoneFaults />
      <section className="border-b border-line bg-surface p-4">
        <div className="mb-2 flex items-baseline justify-between">
          <h2 className="type-13 font-semibold">Groups</h2>
          <RouteLink className="text-accent-fg" path="/queues">
            Queues
          </RouteLink>
        </div>
        <ul className="grid gap-4">
          {consumers.map((consumer) => (
            <Group key={consumer.id} consumer={consumer} />
          ))}
        </ul>
      </section>
      <PhoneFlowsLink />
      <RouteLink
        className="flex h-11 items-center gap-2 border-b border-line bg-surface px-4"
        path="/scenarios"
        patch={{ view: undefined }}
      >
        <Icon name="flask" />
        Runs of scenarios
      </RouteLink>
      <section className="border-b-0 border-line bg-surface p-4">
        <h2 className="mb-2 type-13 font-semibold">Flow</h2>
        <ul className="relative grid">
          {flow
            .map((node) => (node.kind === 'topic' ? null : <Line key={node.id} node={node} />))
            .toSpliced(
              flow.findIndex((node) => node.kind === 'topic'),
              0,
              <Topics key="topics" topics={flow.filter((node) => node.kind === 'topic')} />,
            )}
        </ul>
      </section>
    </>
  )
}

function Group({ consumer }: { consumer: TopologyNode }) {
  const state = useLive((live) => live.states[consumer.id] ?? consumer.state)
  const view = stateView[state]
  return (
    <li className="grid gap-1.5">
      <div className="flex min-w-0 items-center gap-2">
        <b className="type-13 font-medium">{consumer.name}</b>
        <span className="flex-1" />
        <Status tone={view.tone} glyph={view.glyph}>
          <span className="text-fg-2">{view.word}</span>
        </Status>
      </div>
      <PhoneGroupLedger group={consumer.name} />
    </li>
  )
}

function Line({ node }: { node: FoldableNode }) {
  const figures = useLive(useShallow((live) => figuresOf(node, live.nodes)))
  const words = cardWords(node, figures, { in: 1, out: 1 })
  const waits = node.kind === 'queue' && lagOf(figures) > lagThreshold
  return (
    <li className="grid min-h-12 grid-cols-[16px_1fr_auto] items-center gap-3 border-t border-line first:border-t-0">
      <Icon className="text-fg-3" name={iconOf(node)} size={16} />
      <div>
        <p className="type-13 font-medium">{isRetry(node) ? shortName(node) : node.name}</p>
        <p className="text-fg-3">{[kindOf(node), words.fact].filter(Boolean).join(', ')}</p>
      </div>
      <span>
        <b className={cn('type-14 font-semibold', waits && 'text-in-flight-fg')}>{words.value}</b>{' '}
        <small className="text-fg-3">{words.unit}</small>
      </span>
    </li>
  )
}

function Topics({ topics }: { topics: TopologyNode[] }) {
  const nodes = useLive((live) => live.nodes)
  const words = totalTopicWords(topics, nodes)
  return (
    <li className="grid min-h-12 grid-cols-[16px_1fr_auto] items-center gap-3 border-t border-line first:border-t-0">
      <Icon className="text-fg-3" name="topic" size={16} />
      <div>
        <p className="type-13 font-medium">{topics.length === 1 ? '1 topic' : `${topics.length} topics`}</p>
        <p className="text-fg-3">{words.busiest}</p>
      </div>
      <span>
        <b className="type-14 font-semibold">{words.rate}</b> <small className="text-fg-3">/s</small>
      </span>
    </li>
  )
}
