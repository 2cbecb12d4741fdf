'use client'
import { ViewportPortal } from '@xyflow/react'
import { StartGuide } from '#web/features/guide/start-guide.tsx'
import { useGuideNumber } from '#web/features/guide/use-guide.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'

/** Under the card `of` the first producer while nothing was ever published: the one thing to do, and where to begin. */
export function FirstRunCallout({ of }: { of: { x: number; y: number; width: number; height: number } }) {
  const isGuided = useGuideNumber() !== undefined
  if (isGuided) return null
  return (
    <ViewportPortal>
      <div
        className="pointer-events-auto absolute grid gap-2 rounded-md border border-border bg-surface p-2 before:absolute before:-top-1.25 before:left-6 before:size-2 before:rotate-45 before:border before:[border-width:1px_0_0_1px] before:border-border before:bg-surface"
        style={{
          left: of.x,
          top: of.y + of.height + 14,
          width: of.width,
        }}
      >
        <p>
          <b>Nothing published yet</b>
        </p>
        <p className="text-fg-2">Dashed edges are declared; none has carried a message.</p>
        <RouteLink className={buttonClass('primary')} path="/publish">
          Publish one
        </RouteLink>
        <StartGuide />
      </div>
    </ViewportPortal>
  )
}
