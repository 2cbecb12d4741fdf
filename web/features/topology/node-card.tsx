'use client'
import { Handle, type Node, type NodeProps, Position, useStore } from '@xyflow/react'
import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { FaultPill } from '#web/features/faults/fault-pill.tsx'
import { useLive } from '#web/live/live-store.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { type CardWords, cardWords, quietWords, tileWords } from '../nodes/card-words.ts'
import { obligationsAt } from '../nodes/node-obligations.ts'
import { iconOf, kindOf, shortName, stateView } from '../nodes/node-words.ts'
import { replicaView } from '../nodes/replica-words.ts'
import { isDim, useGraphView } from './graph-context.ts'
import { Sparkline } from './sparkline.tsx'

export type CardNode = Node<{ node: TopologyNode; links: { in: number; out: number } }, 'card'>

const none: never[] = []
/** Characters of a figure and its unit that leave room for the sparkline beside them. */
const sparkRoom = 12

/** A node of the graph. It takes its own figures from the live store, so that React Flow's nodes never change with them. */
export const NodeCard = memo(function NodeCard({ data }: NodeProps<CardNode>) {
  const { tiles } = useGraphView()
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="port" />
      {tiles ? <Tile node={data.node} /> : <Card node={data.node} links={data.links} />}
      <Handle type="source" position={Position.Right} isConnectable={false} className="port" />
    </>
  )
})

function Card({ node, links }: CardNode['data']) {
  const view = useGraphView()
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const figures = useLive((live) => live.nodes[node.id])
  const traced = view.trace?.words.get(node.id)
  const partitions = useLive((live) =>
    node.kind === 'topic' ? live.partitions.reduce((sum, { topic }) => sum + (topic === node.name ? 1 : 0), 0) : 0,
  )
  const owed = useObligations(node)
  const words = traced ?? cardWords(node, figures, links, partitions, owed)
  const classes = ['node', `node--${node.kind}`, view.selected === node.id && 'is-selected']
  if (isDim(view, node.id, 'nodes')) classes.push('is-dim')
  const bare = view.quiet && traced === undefined
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <header className="node__head">
        <Icon name={iconOf(node)} />
        <span className="node__name" title={node.name}>
          {shortName(node)}
          <span className="kind-word">, {kindOf(node)}</span>
        </span>
        {node.kind === 'topic' ||
        ((node.kind === 'queue' || node.kind === 'dead_letter_queue') && state === 'up') ? null : (
          <span className="node__state">
            <Status tone={stateView[state].tone} glyph={stateView[state].glyph} label={stateView[state].word} />
          </span>
        )}
      </header>
      {bare ? (
        <div className="node__figure">
          <span className="node__quiet">{quietWords(node)}</span>
        </div>
      ) : (
        <Figures node={node} words={words} traced={traced !== undefined} />
      )}
      {node.kind === 'consumer' ? <Replicas service={node.name} /> : null}
      <FaultPill node={node.id} />
    </div>
  )
}

const useObligations = (node: TopologyNode) =>
  useLive(useShallow((live) => obligationsAt(node, live.ledger, live.topology.edges, live.at)))

function Figures({ node, words, traced }: { node: TopologyNode; words: CardWords; traced: boolean }) {
  if (node.kind === 'dead_letter_queue') {
    return (
      <div className="node__figure">
        <span className={words.value === '0' ? 'status s-idle' : 'status s-dead'}>
          <Glyph name="dead" />
        </span>
        <b>{words.value}</b>
        <span className="node__sub">{words.fact}</span>
      </div>
    )
  }
  return (
    <>
      <div className="node__figure">
        <b>
          {words.value}
          <small>{words.unit}</small>
        </b>
        {traced || `${words.value}${words.unit}`.length > sparkRoom ? null : (
          <CardSpark node={node} tone={words.tone} />
        )}
      </div>
      <div className="node__sub">
        {words.mark === undefined ? (
          <span>{words.fact}</span>
        ) : (
          <Status tone={words.mark.tone} glyph={words.mark.glyph}>
            <span className="clip">{words.fact}</span>
          </Status>
        )}
        {words.slots === undefined || traced ? null : <Slots filled={words.slots} />}
      </div>
    </>
  )
}

function CardSpark({ node, tone }: { node: TopologyNode; tone: string | undefined }) {
  const values = useLive((live) => live.sparks[node.id] ?? none)
  return <Sparkline values={values} width={node.kind === 'effect' ? 40 : 52} tone={tone} />
}

const slotKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']

function Slots({ filled }: { filled: number }) {
  return (
    <span className="slots s-in-flight" aria-hidden="true">
      {slotKeys.map((key, at) => (
        <i key={key} className={at < filled ? 'on' : ''} />
      ))}
    </span>
  )
}

function Replicas({ service }: { service: string }) {
  const replicas = useLive((live) => live.services.find((one) => one.name === service)?.replicas ?? none)
  if (replicas.length === 0) return null
  return (
    <ul className="replicas">
      {replicas.map((replica) => (
        <Replica key={replica.instance} replica={replica} />
      ))}
    </ul>
  )
}

function Replica({ replica }: { replica: ReplicaStatus }) {
  const { trace } = useGraphView()
  const state = replicaView[replica.state]
  const note = trace?.replicas.get(replica.instance) ?? (replica.restarts > 0 ? `restarts ${replica.restarts}` : '')
  return (
    <li title={replica.detail}>
      <Status tone={state.tone} glyph={state.glyph} />
      <code>{replica.instance.slice(replica.instance.lastIndexOf('-') + 1)}</code>
      {state.word}
      <span>{note}</span>
    </li>
  )
}

function Tile({ node }: { node: TopologyNode }) {
  const view = useGraphView()
  const zoom = useStore((flow) => flow.transform[2])
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const owed = useObligations(node)
  const words = useLive((live) => tileWords(node, live.nodes[node.id], owed))
  const traced = view.trace?.words.get(node.id)
  const classes = ['tile', view.selected === node.id && 'is-selected', isDim(view, node.id, 'nodes') && 'is-dim']
  return (
    <div className={classes.filter(Boolean).join(' ')} style={{ transform: `translateX(-50%) scale(${1 / zoom})` }}>
      <span className="tile__box">
        <Icon name={iconOf(node)} size={16} />
        {state === 'up' ? null : (
          <span className={`s-${stateView[state].tone}`}>
            <Glyph name={stateView[state].glyph} className="tile__mark" />
          </span>
        )}
        <FaultPill node={node.id} tile />
      </span>
      <span className="tile__name">
        {node.kind === 'dead_letter_queue' ? 'dead letters' : node.name}
        <span className="kind-word">, {kindOf(node)}</span>
      </span>
      <span className="tile__sub">{traced ? `${traced.value}${traced.unit}` : words}</span>
    </div>
  )
}
