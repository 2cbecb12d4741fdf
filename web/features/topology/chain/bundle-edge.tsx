'use client'
import { EdgeLabelRenderer, type EdgeProps, useStore } from '@xyflow/react'
import { memo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { isDim, useGraphView } from '../graph-context.ts'
import type { BundleEdge } from './group-elements.ts'

/** 1.5 px and half a pixel more for each topic, up to this. */
const widest = 4.5

/** All topics between two cards as one line, labelled with how many they are. */
export const BundleLine = memo(function BundleLine({ data }: EdgeProps<BundleEdge>) {
  const view = useGraphView()
  const flows = useLive((live) => (data?.placed.carries ?? []).some((id) => (live.edges[id]?.ratePerSecond ?? 0) > 0))
  const zoom = useStore((flow) => Math.min(1, flow.transform[2]))
  if (!data) return null
  const { placed, bundle, ends } = data
  const dim =
    view.lit !== undefined || view.trace !== undefined
      ? bundle.carries.every((id) => isDim(view, id, 'edges'))
      : view.found !== undefined && !ends.some((end) => !isDim(view, end, 'nodes'))
  const topics = bundle.topics.length
  const unseen = !bundle.observed || view.quiet
  return (
    <>
      <g className={cn('edge', unseen ? 'edge--declared' : flows ? '' : 'edge--idle', dim && 'is-dim')}>
        <path
          className="edge__line"
          d={placed.path}
          style={{ strokeWidth: Math.min(widest, 1.5 + 0.5 * (topics - 1)) / zoom }}
        />
        <path className="head" d={placed.head} />
      </g>
      <EdgeLabelRenderer>
        <span
          className={cn(
            'pointer-events-none absolute top-0 left-0 rounded-[3px] bg-canvas px-1 type-11 whitespace-nowrap text-fg-2',
            dim && 'opacity-50 in-data-trace:opacity-32',
          )}
          style={{
            transform: `translate(-50%, -50%) translate(${placed.middle.x}px, ${placed.middle.y}px) scale(${1 / zoom})`,
          }}
        >
          {topics > 3 && placed.labelRoom * zoom > 60 ? `${topics} topics` : topics}
          {bundle.declared ? '' : ', undeclared'}
        </span>
      </EdgeLabelRenderer>
    </>
  )
})
