'use client'
import type { CSSProperties } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { type FaultMap, isCut } from './fault-places.ts'
import { badgeText, faultMark, faultName, faultStateView, strongest } from './fault-words.ts'
import { useFaultMap } from './use-fault-map.ts'

/** How an edge under fault is drawn: fields that are compared, not objects. */
export interface EdgeFaultLook {
  /** Of its strongest fault; undefined: none is in effect. */
  state: 'scheduled' | 'injecting' | 'active' | 'healing' | undefined
  /** Nothing passes. */
  cut: boolean
  /** Whether a badge is at this edge. */
  badge: boolean
}

/** Faults of an edge, or of all that one line is drawn for. */
export const useEdgeFault = (edges: readonly string[]): EdgeFaultLook => useFaultMap((map) => lookAt(map, edges))

const faultsOf = (map: FaultMap, edges: readonly string[]) => edges.flatMap((edge) => map.edges.get(edge) ?? [])

function lookAt(map: FaultMap, edges: readonly string[]): EdgeFaultLook {
  const here = faultsOf(map, edges)
  const state = strongest(here.map(({ fault }) => fault))?.state
  return {
    state: state === 'healed' || state === 'failed' ? undefined : state,
    cut: here.some(({ fault }) => isCut(fault)),
    badge: here.some(({ isFirst }) => isFirst),
  }
}

/** Names of edges under fault for a screen reader, by id: `under fault: link.down on consumer-db → broker, active`. */
export const edgeFaultNames = (map: FaultMap): Record<string, string> =>
  Object.fromEntries(
    [...map.edges].map(([id, here]) => [
      id,
      `under fault: ${here.map(({ fault }) => `${faultName(fault)}, ${faultStateView[fault.state].word}`).join('; ')}`,
    ]),
  )

/** The mark in the middle of an edge under fault: × in a ring if it is cut, a bolt in a ring if it is not. */
export function EdgeMark({
  x,
  y,
  size,
  scale,
  cut,
}: {
  x: number
  y: number
  /** Radius in pixels on the screen. */
  size: number
  scale: number
  cut: boolean
}) {
  return (
    <g className="cut" transform={`translate(${x} ${y}) scale(${size / 7 / scale})`}>
      <circle r="7" />
      {cut ? (
        <path d="M-2.6 -2.6l5.2 5.2m0 -5.2l-5.2 5.2" />
      ) : (
        <path d="M0.6 -3.6L-2 0.6h2.2L-0.3 3.6L2.2 -0.6h-2.2Z" />
      )}
    </g>
  )
}

/** Pixels that a badge with its name takes. */
const badgeRoom = 96

/** Above the first edge of a link under fault: what, and for how long. */
export function EdgeBadge({
  edges,
  dim,
  room,
  style,
}: {
  /** All that the line is drawn for. */
  edges: readonly string[]
  dim: boolean
  /** Pixels beside the edge: if they do not suffice it says the time alone. */
  room: number
  style: CSSProperties
}) {
  const { state, count, text } = useBadge(edges, room < badgeRoom)
  if (state === undefined) return null
  return (
    <span
      className={cn(
        'pointer-events-none absolute top-0 left-0 z-5 inline-flex h-5 items-center gap-1 rounded-full pr-2 pl-1.5 type-11 leading-4.5 font-semibold whitespace-nowrap tabular-nums',
        faultMark[state],
        dim && 'opacity-50 in-data-trace:opacity-32',
      )}
      style={style}
    >
      <Icon className="size-3 stroke-3" name={faultStateView[state].icon} size={12} />
      {text}
      {count > 1 ? <b className="font-semibold">+{count - 1}</b> : null}
    </span>
  )
}

function useBadge(edges: readonly string[], short: boolean) {
  const shown = useFaultMap((map) => {
    const here = faultsOf(map, edges)
      .filter(({ isFirst }) => isFirst)
      .map(({ fault }) => fault)
    return { fault: strongest(here), count: here.length }
  })
  // The figure moves with the server's clock; nothing else of the edge does.
  const text = useLive((live) => (shown.fault === undefined ? '' : badgeText(shown.fault, live.at, short)))
  return { state: shown.fault?.state, count: shown.count, text }
}
