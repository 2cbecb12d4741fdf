'use client'
import { ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { edgeFaultNames } from '#web/features/faults/edge-fault.tsx'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { useLive } from '#web/live/live-store.ts'
import { go, useParam } from '#web/live/url-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { CanvasFoot } from './canvas-foot.tsx'
import { ColumnHeads } from './column-heads.tsx'
import { parseFind } from './find-nodes.ts'
import { FirstRunCallout } from './first-run-callout.tsx'
import { FlowEdge } from './flow-edge.tsx'
import { type GraphView, GraphViewContext } from './graph-context.ts'
import { edgesOf, nodesOf } from './graph-elements.ts'
import { type GraphLayout, hasTileFigure, layoutToFill } from './graph-layout.ts'
import { litAround, neighbour } from './lit-path.ts'
import { NodeCard } from './node-card.tsx'
import { ParticleLayer } from './particle-layer.tsx'
import { tabOn } from './tab-order.ts'
import { traceOf } from './trace-model.ts'
import { useSize } from './use-size.ts'

const nodeTypes = { card: NodeCard }
const edgeTypes = { flow: FlowEdge }
/** Below this zoom cards cannot be read and become tiles. */
const tilesBelowZoom = 0.75

/** The event by which the shell's F key asks the graph to fit. */
export const fitEvent = 'faultline:fit'

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
  const size = useSize(box)
  const topology = useLive((live) => live.topology)
  const known = useLive((live) => live.lab !== undefined)
  const quiet = useLive((live) => Object.values(live.nodes).every((figures) => figures.total === 0))
  const replicas = useLive(
    useShallow((live) => Object.fromEntries(live.services.map((one) => [one.name, one.replicas.length]))),
  )
  const { layout, enlarged } = useMemo(
    () => layoutToFill(topology, { width: size?.width ?? 1_080, height: size?.height ?? 556, quiet, replicas }),
    [topology, size, quiet, replicas],
  )

  const zoom = useStore((flow) => flow.transform[2])
  const tiles = zoom < tilesBelowZoom
  const tileScale = tiles ? Number(zoom.toFixed(2)) : undefined
  const nodes = useMemo(() => nodesOf(topology, layout, tiles), [topology, layout, tiles])
  const faultNames = useFaultMap(edgeFaultNames)
  const edges = useMemo(
    () => edgesOf(topology, layout, tileScale, faultNames),
    [topology, layout, tileScale, faultNames],
  )
  const placedEdges = useMemo(() => edges.flatMap((edge) => (edge.data ? [edge.data.placed] : [])), [edges])

  const { fit, panning, onMoveStart, onMoveEnd } = useFit(layout, size, enlarged)
  const view = useView(quiet, tiles, hasTileFigure(layout, zoom))

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Tab') return void tabOn(event, box.current)
    const element = event.target instanceof Element ? event.target.closest('[data-id]') : null
    const id = element?.getAttribute('data-id')
    if (!id || !element) return
    const isNode = element.classList.contains('react-flow__node')
    const { key } = event
    if (key === 'Enter' || key === ' ') select(isNode ? { node: id } : { edge: id })
    else if (isNode && (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown')) {
      const next = neighbour(topology, layout.nodes, id, key)
      if (next) box.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`)?.focus()
    } else return
    event.preventDefault()
  }

  const narrow = (size?.width ?? 1_080) < 640
  return (
    <section
      ref={box}
      className={cn(
        'canvas relative isolate min-w-0 overflow-hidden bg-canvas [grid-area:1/1]',
        // What lies over the graph takes its room, so that nothing of it is hidden.
        'min-[960px]:max-[1279px]:group-has-[[data-panel=node]]/app:mr-94 min-[960px]:max-[1439px]:group-has-[[data-panel=message]]/app:mr-124',
      )}
      data-trace={view.trace ? '' : undefined}
      aria-label="Topology"
      aria-busy={!known}
    >
      <GraphViewContext value={view}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
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
          onNodeClick={(_, node) => select({ node: node.id })}
          onEdgeClick={(_, edge) => select({ edge: edge.id })}
          onPaneClick={() => select({})}
          onKeyDown={onKeyDown}
          onMoveStart={onMoveStart}
          onMoveEnd={onMoveEnd}
        >
          <ParticleLayer
            edges={placedEdges}
            lit={view.trace?.lit ?? view.lit}
            hidden={panning || view.trace !== undefined}
          />
          {quiet && known && !tiles ? <FirstRunCallout layout={layout} /> : null}
        </ReactFlow>
      </GraphViewContext>
      <div className="pointer-events-none absolute inset-x-0 top-0 h-9 overflow-hidden bg-[linear-gradient(var(--bg)_70%,transparent)]">
        <ColumnHeads columns={layout.columns} tiles={tiles} />
      </div>
      <ParticleColours />
      <CanvasFoot tracing={view.trace !== undefined} narrow={narrow} onFit={fit} />
      {known ? null : (
        <p className="pointer-events-none absolute inset-0 grid place-items-center text-fg-3">Waiting for the lab…</p>
      )}
    </section>
  )
}

function select(what: { node?: string; edge?: string }): void {
  const path = window.location.pathname
  // A sheet stays open beside the graph; on the home path the drawer shows what was selected.
  go(path, { node: what.node, edge: what.edge, message: undefined, attempt: undefined })
}

/** Keeps the whole graph in sight until the reader moves it; Fit, or the F key, brings that back. */
function useFit(layout: GraphLayout, size: { width: number; height: number } | undefined, enlarged: number) {
  const flow = useReactFlow()
  const [moved, setMoved] = useState(false)
  const [panning, setPanning] = useState(false)
  const ready = useStore((state) => state.panZoom !== null)

  useEffect(() => {
    if (moved || !size || !ready) return
    const zoom = Math.min(enlarged, size.width / layout.width, layout.tiles ? 1 : size.height / layout.height)
    const x = (size.width - layout.width * zoom) / 2
    const y = layout.height * zoom < size.height ? (size.height - layout.height * zoom) / 2 : 0
    flow.setViewport({ x, y, zoom })
  }, [layout, size, enlarged, moved, ready, flow])

  const fit = useCallback(() => setMoved(false), [])
  useEffect(() => {
    window.addEventListener(fitEvent, fit)
    return () => window.removeEventListener(fitEvent, fit)
  }, [fit])
  const onMoveStart = useCallback((event: unknown) => {
    // Null: the graph moved itself.
    if (event === null) return
    setMoved(true)
    setPanning(true)
  }, [])
  const onMoveEnd = useCallback(() => setPanning(false), [])
  return { fit, panning, onMoveStart, onMoveEnd }
}

/** What is selected, lit, traced and found. */
function useView(quiet: boolean, tiles: boolean, tileFigures: boolean): GraphView {
  const topology = useLive((live) => live.topology)
  const node = useParam('node')
  const edge = useParam('edge')
  const message = useParam('message')
  const journey = useLive((live) => live.message)
  const find = useParam('find') ?? ''
  const test = useMemo(() => parseFind(find), [find])
  const foundIds = useLive((live) =>
    test === undefined
      ? undefined
      : live.topology.nodes
          .filter((one) => test(one, live.nodes[one.id]))
          .map((one) => one.id)
          .join('\n'),
  )
  return useMemo(() => {
    const trace = message !== undefined && journey?.id === message ? traceOf(journey, topology) : undefined
    return {
      selected: node ?? edge,
      lit: litAround(topology, { node, edge }),
      trace,
      quiet,
      tiles,
      tileFigures,
      found: foundIds === undefined ? undefined : new Set(foundIds.split('\n')),
    }
  }, [topology, node, edge, message, journey, quiet, tiles, tileFigures, foundIds])
}

/** Three invisible marks from which the particle layer reads the colours of the theme. */
function ParticleColours() {
  return (
    <svg className="sr-only" aria-hidden="true">
      <circle className="fill-in-flight" data-particle="ok" r="1" />
      <circle className="fill-retrying" data-particle="retry" r="1" />
      <circle className="fill-dead-lettered" data-particle="dead" r="1" />
    </svg>
  )
}
