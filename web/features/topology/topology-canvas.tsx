'use client'
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react'
import { type KeyboardEvent, useMemo, useRef } from 'react'
import { edgeFaultNames } from '#web/features/faults/edge-fault.tsx'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { useLabDraft } from '#web/features/lab/draft-store.ts'
import { stackOfLink } from '#web/features/nodes/topic-stacks.ts'
import { useLive } from '#web/live/live-store.ts'
import { go, setParams } from '#web/live/url-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { CanvasFoot } from './canvas-foot.tsx'
import { inks } from './canvas-ink.ts'
import { NodeCard } from './card/node-card.tsx'
import { BundleLine } from './chain/bundle-edge.tsx'
import { GroupBar } from './chain/group-bar.tsx'
import { GroupCard, GroupFrame, MemberCard } from './chain/group-card.tsx'
import { openGroups } from './chain/open-groups.ts'
import { ServiceCard } from './chain/service-card.tsx'
import { ColumnHeads } from './column-heads.tsx'
import { markAt } from './dense/dense-drawing.ts'
import { DenseLayer } from './dense/dense-layer.tsx'
import { draftTopology } from './draft-topology.ts'
import { FoundList } from './find/found-list.tsx'
import { useHits } from './find/use-hits.ts'
import { useShownHit } from './find/use-shown-hit.ts'
import { FirstRunCallout } from './first-run-callout.tsx'
import { FlowEdge } from './flow-edge.tsx'
import { GraphViewContext } from './graph-context.ts'
import { neighbour } from './lit-path.ts'
import { Minimap } from './minimap/minimap.tsx'
import { OffViewPills } from './off-view/off-view-pills.tsx'
import { ParticleLayer } from './particles/particle-layer.tsx'
import { redriveEdges } from './retry/redrive-edges.ts'
import { tabOn } from './tab-order.ts'
import { StackList } from './topics/stack-list.tsx'
import { useDrawing } from './use-drawing.ts'
import { useFit } from './use-fit.ts'
import { useGraphViewOf } from './use-graph-view.ts'
import { useSize } from './use-size.ts'

const nodeTypes = { card: NodeCard, service: ServiceCard, group: GroupCard, frame: GroupFrame, member: MemberCard }
const edgeTypes = { flow: FlowEdge, bundle: BundleLine }
/** Pixels of canvas from which its foot has room for what the marks mean. */
const legendFrom = 1_000
/** Nodes from which only those in sight are drawn. */
const culledFrom = 60
/** Below this zoom cards cannot be read and become tiles. */
const tilesBelowZoom = 0.75

/** The live graph of the lab. */
export function TopologyCanvas() {
  return (
    <ReactFlowProvider>
      <Canvas />
    </ReactFlowProvider>
  )
}

function Canvas() {
  const box = useRef<HTMLElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const measured = useSize(stage)
  const size = useMemo(() => measured ?? { width: 1_080, height: 556 }, [measured])
  const lab = useLive((live) => live.topology)
  const drawn = useLabDraft((draft) => draft.drawn)
  const draft = useMemo(() => (drawn ? draftTopology(lab, drawn) : undefined), [lab, drawn])
  const topology = draft?.topology ?? lab
  const known = useLive((live) => live.lab !== undefined)
  const quiet = useLive((live) => Object.values(live.nodes).every((figures) => figures.total === 0))
  const zoom = useStore((flow) => flow.transform[2])
  const { screenToFlowPosition } = useReactFlow()
  const faultNames = useFaultMap(edgeFaultNames)
  const isSmall = zoom < tilesBelowZoom
  const drawing = useDrawing({ topology, size, zoom, tiles: isSmall, faultNames })
  const found = useHits()
  const { fit, panning, onMoveStart, onMoveEnd, show, moveTo } = useFit(drawing.frame, measured)
  useShownHit(found.shown, drawing.places, drawing.groups?.all, show)
  const view = useGraphViewOf(quiet, isSmall, drawing, draft)

  const edges = useMemo(() => {
    const back = redriveEdges(view.trace, drawing.nodes, topology.nodes, isSmall ? Number(zoom.toFixed(2)) : undefined)
    return back.length === 0 ? drawing.edges : [...drawing.edges, ...back]
  }, [view.trace, drawing.nodes, drawing.edges, topology.nodes, isSmall, zoom])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Tab') return void tabOn(event, box.current)
    const element = event.target instanceof Element ? event.target.closest('[data-id]') : null
    const id = element?.getAttribute('data-id')
    if (!id || !element) return
    const isNode = element.classList.contains('react-flow__node')
    const { key } = event
    if (key === 'Enter' || key === ' ') choose(isNode ? { node: id } : { edge: id })
    else if (isNode && (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown')) {
      const next = neighbour(drawing.links, drawing.places, id, key)
      if (next) nodeOf(box.current, next)?.focus()
    } else return
    event.preventDefault()
  }

  /** The pill is gone by then, and the focus with it: the group has it, or the first of its members where it is open. */
  const onShow = (group: string, place: { x: number; y: number }): void => {
    const members = drawing.groups?.all.find(({ id }) => id === group)?.members ?? []
    const focus = (): void => {
      const shown = [group, ...members].map((id) => nodeOf(box.current, id)).find((node) => node !== undefined)
      if (document.activeElement === document.body) shown?.focus({ preventScroll: true })
    }
    void show(place).then(() => requestAnimationFrame(focus))
  }

  const onPaneClick = ({ clientX, clientY }: { clientX: number; clientY: number }): void => {
    const mark = drawing.dense && markAt(drawing.dense, screenToFlowPosition({ x: clientX, y: clientY }))
    if (mark === undefined) select({})
    else choose({ node: mark })
  }

  const narrow = size.width < 640
  return (
    <section
      ref={box}
      className={cn(
        'canvas relative isolate min-w-0 overflow-hidden bg-canvas [grid-area:1/1]',
        // What lies over the graph takes its room, so that nothing of it is hidden.
        'group-has-[[data-guide]]/app:mr-91 min-[960px]:max-[1279px]:group-has-[[data-panel=node]]/app:mr-94 min-[960px]:max-[1439px]:group-has-[[data-panel=message]]/app:mr-124',
      )}
      data-trace={view.trace ? '' : undefined}
      aria-label="Topology"
      aria-busy={!known}
    >
      {drawing.groups ? <GroupBar groups={drawing.groups} found={found} selected={view.selected} /> : null}
      <div ref={stage} className={cn('absolute inset-x-0 top-0 bottom-0', drawing.groups && 'top-9')}>
        <GraphViewContext value={view}>
          <ReactFlow
            nodes={drawing.nodes}
            edges={edges}
            onlyRenderVisibleElements={drawing.nodes.length > culledFrom}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            minZoom={0.15}
            maxZoom={2}
            nodesDraggable={false}
            nodesConnectable={false}
            elementsSelectable
            nodesFocusable
            edgesFocusable
            disableKeyboardA11y
            deleteKeyCode={null}
            selectionKeyCode={null}
            multiSelectionKeyCode={null}
            zoomOnDoubleClick={false}
            attributionPosition="top-right"
            onNodeClick={(_, { id, type }) => type !== 'frame' && choose({ node: id })}
            onEdgeClick={(_, { id, type, selectable }) =>
              type === 'flow' && selectable !== false && choose({ edge: id })
            }
            onPaneClick={onPaneClick}
            onKeyDown={onKeyDown}
            onMoveStart={onMoveStart}
            onMoveEnd={onMoveEnd}
          >
            {drawing.dense ? <DenseLayer dense={drawing.dense} view={view} /> : null}
            <ParticleLayer
              edges={drawing.placed}
              lit={view.trace?.lit ?? view.lit}
              hidden={panning || view.trace !== undefined}
            />
            {drawing.mini && !narrow ? (
              <Minimap boxes={drawing.mini} width={drawing.frame.width} height={drawing.frame.height} onMove={moveTo} />
            ) : null}
            {drawing.groups && !narrow ? <OffViewPills nodes={drawing.nodes} onShow={onShow} /> : null}
            {quiet && known && !isSmall && drawing.source ? <FirstRunCallout of={drawing.source} /> : null}
          </ReactFlow>
        </GraphViewContext>
        <div className="pointer-events-none absolute inset-x-0 top-0 h-9 overflow-hidden bg-[linear-gradient(var(--bg)_70%,transparent)]">
          <ColumnHeads columns={drawing.heads} tiles={isSmall} />
        </div>
      </div>
      <Inks />
      {narrow || view.trace ? null : <FoundList found={found} />}
      <StackList stacks={drawing.nodes} selected={view.selected} />
      <CanvasFoot
        tracing={view.trace?.of}
        redriven={edges !== drawing.edges}
        narrow={narrow}
        tight={size.width < legendFrom}
        found={drawing.groups ? undefined : found}
        onFit={fit}
      />
      {known ? null : (
        <p className="pointer-events-none absolute inset-0 grid place-items-center text-fg-3">Waiting for the lab…</p>
      )}
    </section>
  )
}

/** The node as it is drawn, where it can have the focus. */
const nodeOf = (graph: HTMLElement | null, id: string): HTMLElement | undefined =>
  graph?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"][tabindex]`) ?? undefined

/** Opens a folded group, lists topics in one place, or shows what was selected. */
function choose(what: { node?: string; edge?: string }): void {
  const stack = stackOfLink(what.node ?? what.edge ?? '')
  if (stack !== undefined) {
    setParams({ topics: stack }, { replace: true })
    return
  }
  const prefix = what.node?.startsWith('group:') ? what.node.slice('group:'.length) : undefined
  if (prefix !== undefined) setParams({ open: openGroups.with(prefix) }, { replace: true })
  else select(what)
}

function select(what: { node?: string; edge?: string }): void {
  const path = window.location.pathname
  // A sheet stays open beside the graph; on the home path the drawer shows what was selected.
  go(path, { node: what.node, edge: what.edge, message: undefined, attempt: undefined })
}

/** Invisible marks from which canvases read the colours of the theme. */
function Inks() {
  return (
    <svg className="sr-only" aria-hidden="true">
      {Object.entries(inks).map(([name, fill]) => (
        <circle key={name} data-ink={name} r="1" style={{ fill }} />
      ))}
    </svg>
  )
}
