'use client'
import { useReactFlow, useStore } from '@xyflow/react'
import { EdgeMark } from '#web/features/faults/edge-fault.tsx'
import { useDeclaredLab } from '#web/features/lab/lab-query.ts'
import { ReplayPill } from '#web/features/replay/replay-pill.tsx'
import { useIsReplayed } from '#web/live/replay.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, usePlace } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { FindBox } from './find/find-box.tsx'
import type { Hits } from './find/use-hits.ts'

/** The foot of the canvas: what the marks mean, the find box, and zoom. */
export function CanvasFoot({
  tracing,
  redriven,
  narrow,
  tight,
  found,
  onFit,
}: {
  /** What is followed on the graph. */
  tracing: 'message' | 'flow' | undefined
  /** Whether a redrive of it is drawn. */
  redriven: boolean
  narrow: boolean
  /** There is no room for what the marks mean. */
  tight: boolean
  /** What the find box asks for; undefined if it is elsewhere. */
  found: Hits | undefined
  onFit: () => void
}) {
  const replayed = useIsReplayed()
  return (
    <div className="pointer-events-none absolute right-4 bottom-3 left-4 flex items-center gap-3 *:pointer-events-auto">
      <ReplayPill />
      {narrow || replayed ? null : tracing ? (
        <TraceLegend of={tracing} redriven={redriven} />
      ) : tight ? null : (
        <Legend />
      )}
      {tracing ? (
        <Button small onClick={() => setParams({ message: undefined, flow: undefined, attempt: undefined })}>
          <Icon name="x" size={12} />
          Leave {tracing === 'flow' ? 'flow' : 'trace'} <kbd>Esc</kbd>
        </Button>
      ) : null}
      <span className="pointer-events-none flex-1" />
      {narrow || tracing ? null : found && <FindBox found={found} />}
      {narrow || tracing || replayed ? null : <EditLab />}
      <ZoomTools onFit={onFit} />
    </div>
  )
}

/** Opens the lab as a draft; nothing if the lab does not say what declares it. */
function EditLab() {
  const known = useDeclaredLab().data !== undefined
  const isOpen = usePlace()?.path === '/lab'
  if (!known || isOpen) return null
  return (
    <RouteLink className={buttonClass()} path="/lab" patch={{ message: undefined, flow: undefined }}>
      <Icon name="edit" />
      Edit lab
    </RouteLink>
  )
}

function ZoomTools({ onFit }: { onFit: () => void }) {
  const flow = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <span className="inline-flex h-7 overflow-hidden rounded-md border border-border bg-surface whitespace-nowrap *:inline-flex *:h-6.5 *:items-center *:gap-1.5 *:border-0 *:border-l *:border-line *:bg-transparent *:px-2 *:py-0 *:text-fg-2 *:first:border-l-0 *:hover:bg-hover *:focus-visible:-outline-offset-2">
      <button type="button" aria-label="Zoom out" onClick={() => flow.zoomOut({ duration: 120 })}>
        <Icon name="minus" size={12} />
      </button>
      <button type="button" aria-label={`Zoom is ${zoom} %; back to 100 %`} onClick={() => flow.zoomTo(1)}>
        {zoom} %
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => flow.zoomIn({ duration: 120 })}>
        <Icon name="plus" size={12} />
      </button>
      <button type="button" onClick={onFit}>
        <Icon name="fit" size={12} />
        Fit <kbd>F</kbd>
      </button>
    </span>
  )
}

const diamond = 'M4 0.4L7.6 4L4 7.6L0.4 4Z'

/** What the marks mean. The particle layer reads its colours from here. */
function Legend() {
  return (
    <div className="pointer-events-none flex items-center gap-4 type-11 whitespace-nowrap text-fg-3 max-[1099px]:hidden">
      <span className="inline-flex items-center gap-1.5">
        <svg width="8" height="8" aria-hidden="true">
          <circle className="fill-in-flight" cx="4" cy="4" r="2.6" />
        </svg>
        message
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="8" height="8" aria-hidden="true">
          <path className="fill-retrying" d={diamond} />
        </svg>
        retry
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="8" height="8" aria-hidden="true">
          <path className="fill-dead-lettered" d={diamond} />
        </svg>
        to dead letters
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="24" height="12" className="edge edge--fault" aria-hidden="true">
          <path d="M0 6H24" />
          <EdgeMark x={12} y={6} size={4.5} scale={1} cut />
        </svg>
        link under fault
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="20" height="8" className="edge edge--declared" aria-hidden="true">
          <path d="M0 4H20" />
        </svg>
        declared, never seen
      </span>
    </div>
  )
}

function TraceLegend({ of, redriven }: { of: 'message' | 'flow'; redriven: boolean }) {
  return (
    <div className="pointer-events-none flex items-center gap-4 type-11 whitespace-nowrap text-fg-3 max-[1099px]:hidden">
      <span className="inline-flex items-center gap-1.5">
        <svg width="20" height="8" className="edge edge--path" aria-hidden="true">
          <path d="M0 4H20" />
        </svg>
        this {of}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <svg width="20" height="8" className="edge edge--path-retry" aria-hidden="true">
          <path d="M0 4H20" />
        </svg>
        its retries
      </span>
      {redriven ? (
        <span className="inline-flex items-center gap-1.5">
          <svg width="20" height="8" className="edge edge--path" aria-hidden="true">
            <path d="M0 4H20" strokeDasharray="2 2" />
          </svg>
          redrive
        </span>
      ) : null}
    </div>
  )
}
