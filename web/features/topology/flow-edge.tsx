'use client'
import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { EdgeBadge, type EdgeFaultLook, EdgeMark, useEdgeFault } from '#web/features/faults/edge-fault.tsx'
import { figuresOf, isRetry } from '#web/features/nodes/retry-nodes.ts'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import type { PlacedEdge } from './edge-geometry.ts'
import { edgeLabel, edgeWidth } from './edge-words.ts'
import { areDim, useGraphView } from './graph-context.ts'
import type { TraceTone } from './trace-model.ts'

export type FlowEdgeData = Edge<
  { placed: PlacedEdge; source: TopologyNode; target: TopologyNode; sourceEdges: number; scale: number },
  'flow'
>

/** What passes links together, a second. */
const rateOf = (edges: Readonly<Record<string, { ratePerSecond: number }>>, ids: readonly string[]): number =>
  ids.reduce((sum, id) => sum + (edges[id]?.ratePerSecond ?? 0), 0)

/** Pixels that a label takes, near enough to tell whether it fits. */
const labelWidth = (text: string): number => text.length * 5.6 + 8

/** A link of the graph: dashed when declared and never seen, marked when seen and not declared, wider with its rate. */
export const FlowEdge = memo(function FlowEdge({ data }: EdgeProps<FlowEdgeData>) {
  const view = useGraphView()
  const id = data?.placed.edge.id ?? ''
  const carries = data?.placed.carries ?? [id]
  const perSecond = useLive((live) => rateOf(live.edges, carries))
  const retry = data && [data.source, data.target].find(isRetry)
  const waits = useLive((live) => (retry === undefined ? 0 : (figuresOf(retry, live.nodes)?.depth ?? 0)) > 0)
  const fault = useEdgeFault(carries)
  if (!data) return null
  const { placed, scale } = data
  const { declared, observed } = placed.edge
  const traced = carries.map((one) => view.trace?.edges.get(one)).find((trace) => trace !== undefined)
  const dim = areDim(view, carries, 'edges')
  // Wiring that the broker reports counts as seen; before the first message no edge has carried any.
  const unseen = !observed || view.quiet
  const underFault = fault.state !== undefined && fault.state !== 'scheduled'
  const isNew = carries.some((one) => view.draft?.added.has(one))
  const goes = carries.every((one) => view.draft?.gone.has(one))
  const kind =
    isNew || goes
      ? isNew
        ? 'edge--added'
        : 'edge--gone'
      : traced
        ? `edge--path${traced.tone === 'retry' ? '-retry' : ''}`
        : kindOf(fault, unseen, perSecond, retry && (waits ? 'waits' : 'empty'))
  const selected = view.selected === id && !traced ? 'is-selected' : ''
  const width = (traced ? 2 : edgeWidth(perSecond)) / scale
  // What a redrive took back is dotted.
  const dash = traced?.tone === 'redrive' ? 2 : unseen && !traced && !underFault ? 4 : undefined
  return (
    <>
      <g className={cn('edge', kind, selected, dim && 'is-dim')}>
        {selected === '' ? null : (
          <path className="edge__halo" d={placed.path} style={{ strokeWidth: width + 6 / scale }} />
        )}
        <path
          className="edge__line"
          d={placed.path}
          style={{
            strokeWidth: width,
            ...(dash === undefined ? {} : { strokeDasharray: `${dash / scale} ${dash / scale}` }),
          }}
        />
        <path className="head" d={placed.head} />
        <path className="edge__hit" d={placed.path} style={{ strokeWidth: 20 / scale }} />
        {underFault ? <EdgeMark {...placed.middle} size={fault.badge ? 7 : 5} scale={scale} cut={fault.cut} /> : null}
      </g>
      {placed.labelRoom > 0 || (observed && !declared) ? (
        <EdgeLabelRenderer>
          <EdgeLabel data={data} dim={dim} trace={traced} below={underFault} />
        </EdgeLabelRenderer>
      ) : null}
      {fault.badge && placed.labelRoom > 0 ? (
        <EdgeLabelRenderer>
          <EdgeBadge edges={carries} dim={dim} room={placed.labelRoom} style={at(placed.middle, -badgeUp)} />
        </EdgeLabelRenderer>
      ) : null}
    </>
  )
})

function kindOf(
  { state }: EdgeFaultLook,
  unseen: boolean,
  perSecond: number,
  retry: 'waits' | 'empty' | undefined,
): string {
  if (state !== undefined && state !== 'scheduled') return `edge--fault edge--fault-${state}`
  if (retry !== undefined && (perSecond > 0 || retry === 'waits')) return 'edge--retry'
  if (unseen) return 'edge--declared'
  return perSecond <= 0 ? 'edge--idle' : ''
}

/** A fault's badge is so far above the middle of its edge, and the edge's label so far below. */
const badgeUp = 24
const labelDown = 19

const at = ({ x, y }: { x: number; y: number }, down = 0) => ({
  transform: `translate(-50%, -50%) translate(${x}px, ${y + down}px)`,
})

function EdgeLabel({
  data,
  dim,
  trace,
  below,
}: {
  data: FlowEdgeData['data'] & object
  dim: boolean
  trace: { tone: TraceTone; label?: string } | undefined
  /** The middle is taken by the mark of a fault. */
  below: boolean
}) {
  const tracing = useGraphView().trace !== undefined
  const { placed, source, target, sourceEdges } = data
  const carries = placed.carries ?? [placed.edge.id]
  const perSecond = useLive((live) => rateOf(live.edges, carries))
  const sourceFigures = useLive((live) => live.nodes[source.id])
  const undeclared = placed.edge.observed && !placed.edge.declared
  const label = tracing
    ? undefined
    : edgeLabel(source, target, { ratePerSecond: perSecond }, sourceFigures, sourceEdges)
  const wanted = trace?.label ?? label?.text
  const text = wanted !== undefined && labelWidth(wanted) <= placed.labelRoom ? wanted : undefined
  if (text === undefined && !undeclared) return null
  const tone = trace
    ? trace.tone === 'retry'
      ? 'font-medium text-retrying-fg'
      : 'font-medium text-accent-fg'
    : label?.lag
      ? 'font-medium text-in-flight-fg'
      : ''
  return (
    <span
      className={cn(
        'pointer-events-none absolute top-0 left-0 inline-flex h-4 items-center gap-1 rounded-[3px] bg-canvas px-1 type-11 whitespace-nowrap text-fg-2 transition-opacity duration-(--dur-2)',
        tone,
        dim && 'opacity-50 in-data-trace:opacity-32',
      )}
      style={at(placed.middle, below ? labelDown : 0)}
    >
      {undeclared ? (
        <span title="Seen, but in no declaration">
          <Icon name="alert" size={12} />
          <span className="sr-only">seen, but not declared</span>
        </span>
      ) : null}
      {text}
    </span>
  )
}
