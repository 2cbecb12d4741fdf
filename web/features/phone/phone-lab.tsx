'use client'

import { useMemo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { Status } from '#web/ui/status.tsx'
import { cardWords, lagOf, lagThreshold } from '../nodes/card-words.ts'
import { iconOf, kindOf, stateView } from '../nodes/node-words.ts'
import { PhoneFaults } from './phone-faults.tsx'
import { flowOf, totalTopicWords } from './phone-flow.ts'
import { PhoneGroupLedger, PhoneLedger } from './phone-ledger.tsx'

/** The ledger, faults, groups with what they owe, then the flow from producer to effect, one line a node. */
export function PhoneLab() {
  const topology = useLive((live) => live.topology)
  const flow = useMemo(() => flowOf(topology), [topology])
  const consumers = flow.filter((node) => node.kind === 'consumer')
  if (flow.length === 0) {
    return (
      <Empty icon="graph" title="Waiting for the lab">
        It appears as soon as it answers.
      </Empty>
    )
  }
  return (
    <>
      <PhoneLedger />
      <PhoneFaults />
      <section className="ph-sec">
        <h2>Groups</h2>
        <ul className="pgs">
          {consumers.map((consumer) => (
            <Group key={consumer.id} consumer={consumer} />
          ))}
        </ul>
      </section>
      <section className="ph-sec ph-sec--last">
        <h2>Flow</h2>
        <ul className="pns">
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
    <li className="pg">
      <div className="row">
        <b>{consumer.name}</b>
        <span className="spacer" />
        <Status tone={view.tone} glyph={view.glyph}>
          <span className="t2">{view.word}</span>
        </Status>
      </div>
      <PhoneGroupLedger group={consumer.name} />
    </li>
  )
}

function Line({ node }: { node: TopologyNode }) {
  const figures = useLive((live) => live.nodes[node.id])
  const words = cardWords(node, figures, { in: 1, out: 1 })
  const waits = node.kind === 'queue' && lagOf(figures) > lagThreshold
  return (
    <li className="pn">
      <Icon name={iconOf(node)} size={16} />
      <div>
        <p>{node.name}</p>
        <p className="t3">{[kindOf(node), words.fact].filter(Boolean).join(', ')}</p>
      </div>
      <span className={`pv${waits ? ' s-in-flight' : ''}`}>
        <b>{words.value}</b> <small>{words.unit}</small>
      </span>
    </li>
  )
}

function Topics({ topics }: { topics: TopologyNode[] }) {
  const nodes = useLive((live) => live.nodes)
  const words = totalTopicWords(topics, nodes)
  return (
    <li className="pn">
      <Icon name="topic" size={16} />
      <div>
        <p>{topics.length === 1 ? '1 topic' : `${topics.length} topics`}</p>
        <p className="t3">{words.busiest}</p>
      </div>
      <span className="pv">
        <b>{words.rate}</b> <small>/s</small>
      </span>
    </li>
  )
}
