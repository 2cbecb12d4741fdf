'use client'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { memo, type ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { NodeState, TopologyNode } from '#contracts/api/topology.ts'
import { FaultPill } from '#web/features/faults/fault-pill.tsx'
import { NodeGuideMark } from '#web/features/guide/guide-mark.tsx'
import { useLive } from '#web/live/live-store.ts'
import { Glyph } from '#web/ui/glyph.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { type Tone, toneClass } from '#web/ui/recipes/tone.ts'
import { Status, statusClass } from '#web/ui/status.tsx'
import { type CardWords, cardWords, quietWords, tileWords } from '../../nodes/card-words.ts'
import { overWindow } from '../../nodes/figure-list.ts'
import { obligationsAt } from '../../nodes/node-obligations.ts'
import { shortName } from '../../nodes/node-words.ts'
import { type FoldableNode, figuresOf, foldsOf, sparkOf } from '../../nodes/retry-nodes.ts'
import { isStack } from '../../nodes/topic-stacks.ts'
import { areDim, dimmed, draftLook, type GraphView, isSelected, selectedLook, useGraphView } from '../graph-context.ts'
import { allRetriesOf } from '../retry/trace-retries.ts'
import { shownMember, stackedEdges } from '../topics/stack-look.ts'
import { CardHead } from './card-head.tsx'
import { NodeTile } from './node-tile.tsx'
import { ReplicaRows } from './replica-rows.tsx'
import { Sparkline } from './sparkline.tsx'

/** `low`: the card has room for its name and one line. */
export type CardNode = Node<{ node: TopologyNode; links: { in: number; out: number }; low: boolean }, 'card'>

const none: never[] = []
/** Characters of a figure and its unit that leave room for the sparkline beside them. */
const sparkRoom = 12

/** A node of the graph. It takes its own figures from the live store, so that React Flow's nodes never change with them. */
export const NodeCard = memo(function NodeCard({ data }: NodeProps<CardNode>) {
  const { tiles } = useGraphView()
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="port" />
      {tiles ? <Tile node={data.node} /> : <Card {...data} />}
      <Handle type="source" position={Position.Right} isConnectable={false} className="port" />
    </>
  )
})

/** Whether a card has the state in its head: a topic has none, and a queue only when it is not up. */
const hasState = ({ kind }: TopologyNode, state: NodeState): boolean =>
  kind !== 'topic' && kind !== 'retry_topic' && ((kind !== 'queue' && kind !== 'dead_letter_queue') || state !== 'up')

/** What is measured at a node, or at all topics that are drawn as one. */
const useFigures = (node: FoldableNode) => useLive(useShallow((live) => figuresOf(node, live.nodes)))

/** What is said of the followed message: of retry topics that are drawn as one of all of them, of other topics of that which it passed. */
const tracedOf = ({ trace }: GraphView, node: FoldableNode): CardWords | undefined =>
  node.retry === undefined || node.folds === undefined
    ? foldsOf(node)
        .map((id) => trace?.words.get(id))
        .find((words) => words !== undefined)
    : trace?.words.get(allRetriesOf(node.retry.group))

function Card({ node, links, low }: CardNode['data']) {
  const view = useGraphView()
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const figures = useFigures(node)
  const traced = tracedOf(view, node)
  const dim = areDim(view, foldsOf(node), 'nodes')
  const shown = shownMember(view, node)
  const partitions = useLive((live) =>
    node.kind === 'topic' ? live.partitions.reduce((sum, { topic }) => sum + (topic === node.name ? 1 : 0), 0) : 0,
  )
  const owed = useObligations(node)
  const own = traced ?? cardWords(node, figures, links, partitions, owed)
  const words = shown === undefined ? own : { ...own, fact: shown }
  const bare = view.quiet && traced === undefined
  return (
    <div
      className={cn(
        'absolute inset-0 flex flex-col rounded-md border border-border bg-raised px-2.25 py-1.75',
        'transition-[opacity,border-color] duration-(--dur-2)',
        isStack(node) && stackedEdges,
        isSelected(view, foldsOf(node)) && selectedLook,
        low && 'py-1',
        dim && dimmed,
        draftLook(view, ...foldsOf(node)),
      )}
      data-card={node.kind}
      data-dim={dim || undefined}
    >
      <CardHead node={node} name={shortName(node)} state={hasState(node, state) ? state : undefined} />
      {bare && !low ? (
        <div className="flex h-6 items-end gap-2 glyph:mb-1.5 glyph:text-tone glyph:[--ink:var(--raised)]">
          <span className="type-12 leading-6 whitespace-nowrap text-fg-3">{quietWords(node)}</span>
        </div>
      ) : (
        <Figures node={node} words={words} traced={traced !== undefined} low={low} />
      )}
      {node.kind === 'consumer' ? <ReplicaRows service={node.name} /> : null}
      <FaultPill nodes={foldsOf(node)} />
      <NodeGuideMark node={node.id} />
    </div>
  )
}

const useObligations = (node: TopologyNode) =>
  useLive(useShallow((live) => obligationsAt(node, live.ledger, live.topology.edges, live.at)))

function Figures({
  node,
  words,
  traced,
  low,
}: {
  node: TopologyNode
  words: CardWords
  traced: boolean
  low: boolean
}) {
  if (low) {
    return (
      <div className="flex h-4 items-center gap-1.5 type-11 whitespace-nowrap text-fg-3">
        <span className="truncate">{traced || foldsOf(node).length > 1 ? words.fact : words.aside}</span>
        <b
          className={cn(
            'ml-auto text-[12px] font-semibold',
            words.value === '0' && !traced ? 'text-fg-3' : 'text-retrying-fg',
          )}
        >
          {words.value}
          <small className="type-11 font-normal text-fg-3">{words.unit}</small>
        </b>
      </div>
    )
  }
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
        <b
          className="type-14 leading-6 font-semibold tracking-[-0.01em] whitespace-nowrap"
          title={words.unit === '/s' ? overWindow : undefined}
        >
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
        {words.slots === undefined || traced ? null : <Slots filled={words.slots} tone={words.tone} />}
      </div>
    </>
  )
}

function CardSpark({ node, tone }: { node: TopologyNode; tone: Tone | undefined }) {
  const values = useLive(useShallow((live) => sparkOf(node, live.sparks) ?? none))
  return <Sparkline values={values} width={node.kind === 'effect' ? 40 : 52} tone={tone} />
}

const slotKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']

function Slots({ filled, tone }: { filled: number; tone: Tone | undefined }) {
  return (
    <span className={cn('flex gap-0.5', tone === undefined ? 'tone-in-flight' : toneClass[tone])} aria-hidden="true">
      {slotKeys.map((key, at) => (
        <i
          key={key}
          className={cn('h-2 w-0.75 rounded-[1px] bg-border', at < filled && 'bg-[var(--tone,var(--in-flight))]')}
        />
      ))}
    </span>
  )
}

/** In a lane it is clear whose retries these are. */
const tileName = (node: FoldableNode): ReactNode =>
  node.kind === 'retry_topic' ? shortName(node).slice(shortName(node).indexOf('retry')) : node.name

function Tile({ node }: { node: TopologyNode }) {
  const view = useGraphView()
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const owed = useObligations(node)
  const words = tileWords(node, useFigures(node), owed)
  const traced = tracedOf(view, node)
  const name =
    node.kind === 'dead_letter_queue' ? (
      <>
        <span className="sr-only">{shortName(node)}</span>
        <span aria-hidden="true">dead letters</span>
      </>
    ) : (
      tileName(node)
    )
  return <NodeTile node={node} name={name} state={state} words={traced ? `${traced.value}${traced.unit}` : words} />
}
