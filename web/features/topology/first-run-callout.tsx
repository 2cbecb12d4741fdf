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
        className="callout"
        style={{
          left: producer.x,
          top: producer.y + producer.cardHeight + 14,
          width: producer.width,
          pointerEvents: 'all',
        }}
      >
        <p>
          <b>Nothing published yet</b>
        </p>
        <p className="t2">Dashed edges are declared; none has carried a message.</p>
        <RouteLink className={buttonClass('primary')} path="/publish">
          Publish one
        </RouteLink>
      </div>
    </ViewportPortal>
  )
}
