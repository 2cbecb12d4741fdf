'use client'
import { Handle, type Node, type NodeProps, Position, useStore } from '@xyflow/react'
import { memo, type ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { FaultPill } from '#web/features/faults/fault-pill.tsx'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { Status } from '#web/ui/status.tsx'
import { tileWords } from '../../nodes/card-words.ts'
import { obligationsAt } from '../../nodes/node-obligations.ts'
import { iconOf } from '../../nodes/node-words.ts'
import { figuresOf, foldsOf } from '../../nodes/retry-nodes.ts'
import { count } from '../../words/figures.ts'
import { CardHead } from '../card/card-head.tsx'
import { NodeTile } from '../card/node-tile.tsx'
import { ReplicaRows } from '../card/replica-rows.tsx'
import { Sparkline } from '../card/sparkline.tsx'
import { dimmed, draftLook, isServiceDim, selectedLook, useGraphView } from '../graph-context.ts'
import type { FoldedParts } from './fold-services.ts'
import { QueueStrip } from './queue-strip.tsx'
import { type ServiceWords, serviceWords } from './service-words.ts'

export type ServiceCardNode = Node<
  {
    node: TopologyNode
    parts: FoldedParts
    /** Whether the card shows its replicas. */
    rows: boolean
    /** Pixels between the middles of two columns. */
    pitch: number
    /** Pixels between two cards for the label of a topic. */
    topicRoom: number
  },
  'service'
>

const none: never[] = []

/** A service with its queue, effect and dead letters in one card; a topic as a tile. Figures come from the live store. */
export const ServiceCard = memo(function ServiceCard({ data }: NodeProps<ServiceCardNode>) {
  const { tiles } = useGraphView()
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="port" />
      {data.node.kind === 'topic' || data.node.kind === 'queue' ? (
        <TopicTile data={data} />
      ) : tiles ? (
        <ServiceTile data={data} />
      ) : (
        <Card data={data} />
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} className="port" />
    </>
  )
})

/** The words of a card, compared field by field so that it is drawn again only when one changes. */
const useServiceWords = (node: TopologyNode, parts: FoldedParts): ServiceWords =>
  useLive(
    useShallow((live) =>
      serviceWords(node, parts, {
        own: live.nodes[node.id],
        queue: parts.queue === undefined ? undefined : live.nodes[parts.queue],
        dead: parts.deadLetters === undefined ? undefined : live.nodes[parts.deadLetters],
        effects: Object.fromEntries(parts.effects.map(({ id }) => [id, live.nodes[id]])),
        owed: obligationsAt(node, live.ledger, none, live.at),
      }),
    ),
  )

function Card({ data: { node, parts, rows } }: { data: ServiceCardNode['data'] }) {
  const view = useGraphView()
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const words = useServiceWords(node, parts)
  const traced = view.trace?.cards.get(node.id)
  const dim = isServiceDim(view, node.id, parts.queue)
  // What is folded into the card is selected with it.
  const folded = [node.id, parts.queue, parts.deadLetters, ...parts.effects.map(({ id }) => id)]
  const isSelected = view.selected !== undefined && folded.includes(view.selected)
  return (
    <div
      className={cn(
        'absolute inset-0 flex flex-col rounded-md border border-border bg-raised px-2.25 py-1.75',
        'transition-[opacity,border-color] duration-(--dur-2)',
        parts.queue !== undefined && 'pl-5',
        isSelected && selectedLook,
        dim && dimmed,
        draftLook(view, node.id),
      )}
      data-card={node.kind}
      data-dim={dim || undefined}
    >
      {parts.queue === undefined ? null : (
        <QueueStrip lag={words.lag} retrying={words.retrying} look="card" bare={view.trace !== undefined} />
      )}
      <CardHead node={node} name={node.name} state={view.trace ? undefined : state} />
      <div className="flex h-6 items-end gap-2">
        <b className="type-14 leading-6 font-semibold tracking-[-0.01em] whitespace-nowrap">
          {traced ? traced.value : words.value}
          <small className="ml-0.5 type-11 tracking-[0] text-fg-3">{traced ? traced.unit : words.unit}</small>
        </b>
        {view.trace ? null : <CardSpark id={node.id} />}
      </div>
      <Line>{traced ? traced.did : words.runs}</Line>
      <Line>
        {traced ? traced.waited : words.waits}
        {traced ? null : <Owed words={words} />}
      </Line>
      {rows ? <ReplicaRows service={node.name} folded={parts.queue !== undefined} /> : null}
      <footer
        className={cn(
          '-mx-2.25 mt-auto -mb-1.75 flex h-6 items-center gap-1.5 border-t border-line px-2.25 type-11 whitespace-nowrap text-fg-3 glyph:size-2.5 glyph:[--ink:var(--raised)]',
          parts.queue !== undefined && '-ml-2 pl-2',
        )}
      >
        {parts.effects[0] ? <Icon name={iconOf(parts.effects[0])} size={12} /> : null}
        <span className="min-w-0 truncate text-fg-2">{traced ? traced.made : words.does}</span>
        {traced ? (
          <span className="ml-auto inline-flex items-center gap-2">
            {traced.retries === 0 ? null : (
              <Status tone="retrying" glyph="retrying">
                <span className="sr-only">retries</span> {traced.retries}
              </Status>
            )}
            {traced.at}
          </span>
        ) : words.dead === undefined ? null : (
          <Status className="ml-auto" tone={words.dead === 0 ? 'idle' : 'dead'} glyph="dead">
            <span className="sr-only">dead letters</span> {count(words.dead)}
          </Status>
        )}
      </footer>
      {traced && traced.retries > 0 && !dim ? <RetryArc why={traced.retryWhy} /> : null}
      <FaultPill nodes={[node.id]} />
    </div>
  )
}

/** Above a card whose service tried more than once: back to its own queue. */
const RetryArc = ({ why }: { why: string | undefined }) => (
  <span className="pointer-events-none absolute -top-11 left-0 h-11 w-full" aria-hidden="true">
    <svg className="edge edge--path-retry absolute inset-0 overflow-visible" width="118" height="44" aria-hidden="true">
      <path d="M112 43C112 8 6 8 6 38" />
      <path className="head" d="M6 43L3 37L9 37Z" />
    </svg>
    {why === undefined ? null : (
      <span className="absolute -top-1 left-15 -translate-x-1/2 bg-canvas px-1 type-11 font-medium whitespace-nowrap text-retrying-fg">
        {why}, again
      </span>
    )}
  </span>
)

const Line = ({ children }: { children: ReactNode }) => (
  <div className="flex h-4 items-center gap-1.5 type-11 whitespace-nowrap text-fg-3 *:min-w-0">
    {typeof children === 'string' ? <span className="truncate">{children}</span> : children}
  </div>
)

function Owed({ words }: { words: ServiceWords }) {
  if (words.lost > 0) {
    return (
      <Status className="ml-auto" tone="lost" glyph="lost">
        <span className="sr-only">lost</span> {count(words.lost)}
      </Status>
    )
  }
  return words.retrying === 0 ? null : (
    <Status className="ml-auto" tone="retrying" glyph="retrying">
      <span className="sr-only">retrying</span> {count(words.retrying)}
    </Status>
  )
}

function CardSpark({ id }: { id: string }) {
  const values = useLive((live) => live.sparks[id] ?? none)
  return <Sparkline values={values} width={44} />
}

/** Pixels for `1,204 waiting`. */
const roomToWait = 78

function ServiceTile({ data: { node, parts, pitch } }: { data: ServiceCardNode['data'] }) {
  const view = useGraphView()
  const zoom = useStore((flow) => flow.transform[2])
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const words = useServiceWords(node, parts)
  const traced = view.trace?.cards.get(node.id)
  const labelRoom = Math.max(24, (view.tileNames === 'services' ? 2 : 1) * pitch * zoom - 6)
  const waits = labelRoom < roomToWait ? `lag ${count(words.lag)}` : `${count(words.lag)} waiting`
  return (
    <NodeTile
      node={node}
      queue={parts.queue}
      name={node.name}
      state={state}
      words={
        traced ? `${traced.value}${traced.unit}` : node.kind === 'producer' ? `${words.value}${words.unit}` : waits
      }
      labelRoom={labelRoom}
      strip={
        parts.queue === undefined ? null : (
          <QueueStrip lag={words.lag} retrying={words.retrying} look="tile" bare={view.trace !== undefined} />
        )
      }
    />
  )
}

function TopicTile({ data: { node, pitch, topicRoom } }: { data: ServiceCardNode['data'] }) {
  const view = useGraphView()
  const zoom = useStore((flow) => flow.transform[2])
  const state = useLive((live) => live.states[node.id] ?? node.state)
  const words = useLive((live) => {
    const figures = figuresOf(node, live.nodes)
    return node.kind === 'topic' && (figures?.total ?? 0) === 0 ? 'never seen' : tileWords(node, figures)
  })
  const passed = foldsOf(node).find((id) => view.trace?.words.has(id))
  const traced = passed === undefined ? undefined : view.trace?.words.get(passed)
  const away = view.trace !== undefined && traced === undefined
  return (
    <NodeTile
      node={node}
      name={node.name}
      state={state}
      words={traced ? `${traced.value}${traced.unit}` : away ? `not in this ${view.trace?.of}` : words}
      labelRoom={Math.max(24, view.tiles ? pitch * zoom - 6 : topicRoom)}
    />
  )
}
