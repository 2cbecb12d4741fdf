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
import { cn } from '#web/ui/recipes/cn.ts'
import { type Tone, toneClass } from '#web/ui/recipes/tone.ts'
import { Status, statusClass } from '#web/ui/status.tsx'
import { type CardWords, cardWords, quietWords, tileWords } from '../nodes/card-words.ts'
import { obligationsAt } from '../nodes/node-obligations.ts'
import { iconOf, kindOf, shortName, stateView } from '../nodes/node-words.ts'
import { replicaView } from '../nodes/replica-words.ts'
import { isDim, useGraphView } from './graph-context.ts'
import { Sparkline } from './sparkline.tsx'

export type CardNode = Node<{ node: TopologyNode; links: { in: number; out: number } }, 'card'>

const none: never[] = []
/** What is not on the path of the selected message, or not near the selected node; the focused one is never pale. */
const dimmed = 'opacity-50 in-data-trace:opacity-32 in-focus-visible:opacity-100!'
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
  const bare = view.quiet && traced === undefined
  return (
    <div
      className={cn(
        'absolute inset-0 flex flex-col rounded-md border border-border bg-raised px-2.25 py-1.75',
        'transition-[opacity,border-color] duration-(--dur-2)',
        view.selected === node.id && 'border-accent shadow-[0_0_0_1px_var(--accent)]',
        isDim(view, node.id, 'nodes') && dimmed,
      )}
      data-card={node.kind}
      data-dim={isDim(view, node.id, 'nodes') || undefined}
    >
      <header className="flex h-5 items-center gap-1.5">
        <Icon className="text-fg-3" name={iconOf(node)} />
        <span className="flex-1 truncate type-12 leading-5 font-medium tracking-[-0.005em]" title={node.name}>
          {shortName(node)}
          <span className="text-[0px]">, {kindOf(node)}</span>
        </span>
        {node.kind === 'topic' ||
        ((node.kind === 'queue' || node.kind === 'dead_letter_queue') && state === 'up') ? null : (
          <span className="inline-flex items-center gap-1 type-11 text-fg-3 glyph:size-2.5 glyph:text-[var(--tone,var(--text-3))] glyph:[--ink:var(--raised)]">
            <Status tone={stateView[state].tone} glyph={stateView[state].glyph} label={stateView[state].word} />
          </span>
        )}
      </header>
      {bare ? (
        <div className="flex h-6 items-end gap-2 glyph:mb-1.5 glyph:text-tone glyph:[--ink:var(--raised)]">
          <span className="type-12 leading-6 whitespace-nowrap text-fg-3">{quietWords(node)}</span>
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
      <div className="flex h-6 items-end gap-2 glyph:mb-1.5 glyph:text-tone glyph:[--ink:var(--raised)]">
        <span
          className={words.value === '0' ? cn(statusClass, '-mr-0.5 tone-idle') : cn(statusClass, '-mr-0.5 tone-dead')}
        >
          <Glyph name="dead" />
        </span>
        <b className="type-14 leading-6 font-semibold tracking-[-0.01em] whitespace-nowrap">{words.value}</b>
        <span className="mt-0 mr-0 mb-1 ml-auto flex h-4 items-center gap-1.5 type-11 whitespace-nowrap text-fg-3 [&>:first-child]:overflow-hidden [&>:first-child]:text-ellipsis [&>:last-child:not(:first-child)]:ml-auto">
          {words.fact}
        </span>
      </div>
    )
  }
  return (
    <>
      <div className="flex h-6 items-end gap-2 glyph:mb-1.5 glyph:text-tone glyph:[--ink:var(--raised)]">
        <b className="type-14 leading-6 font-semibold tracking-[-0.01em] whitespace-nowrap">
          {words.value}
          <small className="ml-0.5 type-11 tracking-[0] text-fg-3">{words.unit}</small>
        </b>
        {traced || `${words.value}${words.unit}`.length > sparkRoom ? null : (
          <CardSpark node={node} tone={words.tone} />
        )}
      </div>
      <div className="flex h-4 items-center gap-1.5 type-11 whitespace-nowrap text-fg-3 [&>:first-child]:overflow-hidden [&>:first-child]:text-ellipsis [&>:last-child:not(:first-child)]:ml-auto">
        {words.mark === undefined ? (
          <span>{words.fact}</span>
        ) : (
          <Status tone={words.mark.tone} glyph={words.mark.glyph}>
            <span className="min-w-0 truncate">{words.fact}</span>
          </Status>
        )}
        {words.slots === undefined || traced ? null : <Slots filled={words.slots} />}
      </div>
    </>
  )
}

function CardSpark({ node, tone }: { node: TopologyNode; tone: Tone | undefined }) {
  const values = useLive((live) => live.sparks[node.id] ?? none)
  return <Sparkline values={values} width={node.kind === 'effect' ? 40 : 52} tone={tone} />
}

const slotKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']

function Slots({ filled }: { filled: number }) {
  return (
    <span className="flex gap-0.5 tone-in-flight" aria-hidden="true">
      {slotKeys.map((key, at) => (
        <i
          key={key}
          className={cn('h-2 w-0.75 rounded-[1px] bg-border', at < filled && 'bg-[var(--tone,var(--in-flight))]')}
        />
      ))}
    </span>
  )
}

function Replicas({ service }: { service: string }) {
  const replicas = useLive((live) => live.services.find((one) => one.name === service)?.replicas ?? none)
  if (replicas.length === 0) return null
  return (
    <ul className="-mx-2.25 mt-1 -mb-1.75 grid border-t border-line px-2.25 py-0.75 glyph:size-2.5 glyph:text-[var(--tone,var(--text-3))] glyph:[--ink:var(--raised)]">
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
    <li
      className="flex h-4.5 items-center gap-1.5 type-11 text-fg-3 [&>:last-child]:ml-auto [&>:last-child]:overflow-hidden [&>:last-child]:text-ellipsis [&>:last-child]:whitespace-nowrap"
      title={replica.detail}
    >
      <Status tone={state.tone} glyph={state.glyph} />
      <code className="text-fg-2">{replica.instance.slice(replica.instance.lastIndexOf('-') + 1)}</code>
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
  return (
    <div
      className={cn(
        'absolute top-0 left-1/2 flex origin-top flex-col items-center',
        isDim(view, node.id, 'nodes') && dimmed,
      )}
      style={{ transform: `translateX(-50%) scale(${1 / zoom})` }}
    >
      <span
        className={cn(
          'relative mb-1 grid size-9 place-items-center rounded-md border border-border bg-raised text-fg-2',
          view.selected === node.id && 'border-accent shadow-[0_0_0_1px_var(--accent)]',
        )}
      >
        <Icon name={iconOf(node)} size={16} />
        {state === 'up' ? null : (
          <span className={toneClass[stateView[state].tone]}>
            <Glyph name={stateView[state].glyph} className="absolute -top-1.25 -right-1.25 size-3 [--ink:var(--bg)]" />
          </span>
        )}
        <FaultPill node={node.id} tile />
      </span>
      <span className="rounded-t-[3px] rounded-b-none bg-canvas px-0.75 type-11 leading-3.5 font-medium whitespace-nowrap text-fg">
        {node.kind === 'dead_letter_queue' ? (
          <>
            <span className="sr-only">{shortName(node)}</span>
            <span aria-hidden="true">dead letters</span>
          </>
        ) : (
          node.name
        )}
        <span className="text-[0px]">, {kindOf(node)}</span>
      </span>
      <span
        className={view.tileFigures ? 'bg-canvas px-0.75 type-11 leading-3.5 whitespace-nowrap text-fg-3' : 'sr-only'}
      >
        {traced ? `${traced.value}${traced.unit}` : words}
      </span>
    </div>
  )
}
