'use client'
import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import type { TopologyNode } from '#contracts/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { edgeLabel, edgeWidth } from './card-words.ts'
import type { PlacedEdge } from './edge-geometry.ts'
import { isDim, useGraphView } from './graph-context.ts'

export type FlowEdgeData = Edge<
  { placed: PlacedEdge; source: TopologyNode; target: TopologyNode; sourceEdges: number; scale: number },
  'flow'
>

/** Pixels that a label takes, near enough to tell whether it fits. */
const labelWidth = (text: string): number => text.length * 5.6 + 8

/** A link of the graph: dashed when declared and never seen, marked when seen and not declared, wider with its rate. */
export const FlowEdge = memo(function FlowEdge({ data }: EdgeProps<FlowEdgeData>) {
  const view = useGraphView()
  const id = data?.placed.edge.id ?? ''
  const perSecond = useLive((live) => live.edges[id]?.ratePerSecond ?? 0)
  if (!data) return null
  const { placed, scale } = data
  const { declared, observed } = placed.edge
  const traced = view.trace?.edges.get(id)
  const dim = isDim(view, id, 'edges')
  // Wiring that the broker reports counts as seen; before the first message no edge has carried any.
  const unseen = !observed || view.quiet
  const kind = traced
    ? `edge--path${traced.tone === 'retry' ? '-retry' : ''}`
    : unseen
      ? 'edge--declared'
      : perSecond <= 0
        ? 'edge--idle'
        : ''
  const selected = view.selected === id && !traced ? 'is-selected' : ''
  const width = (traced ? 2 : edgeWidth(perSecond)) / scale
  return (
    <>
      <g className={`edge ${kind} ${selected} ${dim ? 'is-dim' : ''}`}>
        <path
          d={placed.path}
          style={{
            strokeWidth: width,
            ...(!unseen || traced ? {} : { strokeDasharray: `${4 / scale} ${4 / scale}` }),
          }}
        />
        <path className="head" d={placed.head} />
        <path className="edge__hit" d={placed.path} style={{ strokeWidth: 20 / scale }} />
      </g>
      {placed.labelRoom > 0 || (observed && !declared) ? (
        <EdgeLabelRenderer>
          <EdgeLabel data={data} dim={dim} trace={traced} />
        </EdgeLabelRenderer>
      ) : null}
    </>
  )
})

function EdgeLabel({
  data,
  dim,
  trace,
}: {
  data: FlowEdgeData['data'] & object
  dim: boolean
  trace: { tone: 'path' | 'retry'; label?: string } | undefined
}) {
  const tracing = useGraphView().trace !== undefined
  const { placed, source, target, sourceEdges } = data
  const figures = useLive((live) => live.edges[placed.edge.id])
  const sourceFigures = useLive((live) => live.nodes[source.id])
  const undeclared = placed.edge.observed && !placed.edge.declared
  const label = tracing ? undefined : edgeLabel(source, target, figures, sourceFigures, sourceEdges)
  const wanted = trace?.label ?? label?.text
  const text = wanted !== undefined && labelWidth(wanted) <= placed.labelRoom ? wanted : undefined
  if (text === undefined && !undeclared) return null
  const tone = trace
    ? trace.tone === 'retry'
      ? 'edge-label--retry'
      : 'edge-label--hop'
    : label?.lag
      ? 'edge-label--lag'
      : ''
  return (
    <span
      className={`edge-label ${tone} ${dim ? 'is-dim' : ''}`}
      style={{ transform: `translate(-50%, -50%) translate(${placed.middle.x}px, ${placed.middle.y}px)` }}
    >
      {undeclared ? (
        <span title="Seen, but in no declaration">
          <Icon name="alert" size={12} />
          <span className="sr">seen, but not declared</span>
        </span>
      ) : null}
      {text}
    </span>
  )
}
