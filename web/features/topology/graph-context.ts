'use client'
import { createContext, useContext } from 'react'
import type { DraftMarks } from './draft-topology.ts'
import type { Lit } from './lit-path.ts'
import type { Trace } from './trace-model.ts'

/** What cards and edges share and what changes only when a reader selects something: never a figure. */
export interface GraphView {
  selected: string | undefined
  lit: Lit | undefined
  trace: Trace | undefined
  quiet: boolean
  tiles: boolean
  /** Whether tiles have a figure below their name. */
  tileFigures: boolean
  /** Tiles that have their name below them: where they are close those of topics go first. */
  tileNames: 'all' | 'services' | 'none'
  /** What the draft of the lab that is open would change; undefined: there is none. */
  draft: DraftMarks | undefined
  /** Ids that the find box asks for; undefined: it asks for nothing. */
  found: Set<string> | undefined
}

export const GraphViewContext = createContext<GraphView>({
  selected: undefined,
  lit: undefined,
  trace: undefined,
  quiet: true,
  tiles: false,
  tileFigures: true,
  tileNames: 'all',
  draft: undefined,
  found: undefined,
})

export const useGraphView = (): GraphView => useContext(GraphViewContext)

/** Whether a node or edge is dimmed: not on the lit path, or not what the find box asks for. */
export function isDim(view: GraphView, id: string, kind: 'nodes' | 'edges'): boolean {
  const lit = view.trace?.lit ?? view.lit
  if (lit) return !lit[kind].has(id)
  return kind === 'nodes' && view.found !== undefined && !view.found.has(id)
}

/** Whether a place for several nodes is dimmed, or a line for several links: none of them is lit. */
export const areDim = (view: GraphView, ids: readonly string[], kind: 'nodes' | 'edges'): boolean =>
  ids.every((id) => isDim(view, id, kind))

/** Whether a node is selected that is drawn in this place. */
export const isSelected = ({ selected }: GraphView, ids: readonly string[]): boolean =>
  selected !== undefined && ids.includes(selected)

/** The border of what is selected. */
export const selectedLook = 'border-accent shadow-[0_0_0_1px_var(--accent)]'

/** A service into whose card its queue is folded is lit where either of them is. */
export const isServiceDim = (view: GraphView, service: string, queue: string | undefined): boolean =>
  isDim(view, service, 'nodes') && (queue === undefined || isDim(view, queue, 'nodes'))

/** What is not on the path of the selected message, or not near the selected node; the focused one is never pale. */
export const dimmed = 'opacity-50 in-data-trace:opacity-32 in-focus-visible:opacity-100!'

/** The looks of a card that comes or goes with the draft of the lab. */
export const draftLook = ({ draft }: GraphView, ...ids: string[]): string =>
  ids.some((id) => draft?.added.has(id))
    ? 'border-dashed border-accent'
    : ids.every((id) => draft?.gone.has(id))
      ? 'border-dashed border-lost opacity-50'
      : ''
