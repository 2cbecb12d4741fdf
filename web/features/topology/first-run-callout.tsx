'use client'
import { ViewportPortal } from '@xyflow/react'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import type { GraphLayout } from './graph-layout.ts'

/** Under the first producer while nothing was ever published: the one thing to do. */
export function FirstRunCallout({ layout }: { layout: GraphLayout }) {
  const producer = [...layout.nodes.values()].find((placed) => placed.node.kind === 'producer')
  if (!producer) return null
  return (
    <ViewportPortal>
      <div
        className="pointer-events-auto absolute grid gap-2 rounded-md border border-border bg-surface p-2 before:absolute before:-top-1.25 before:left-6 before:size-2 before:rotate-45 before:border before:[border-width:1px_0_0_1px] before:border-border before:bg-surface"
        style={{
          left: producer.x,
          top: producer.y + producer.cardHeight + 14,
          width: producer.width,
        }}
      >
        <p>
          <b>Nothing published yet</b>
        </p>
        <p className="text-fg-2">Dashed edges are declared; none has carried a message.</p>
        <RouteLink className={buttonClass('primary')} path="/publish">
          Publish one
        </RouteLink>
      </div>
    </ViewportPortal>
  )
}
