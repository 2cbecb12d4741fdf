'use client'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Topology } from '#contracts/api/topology.ts'
import { useLive } from '#web/live/live-store.ts'
import { useParam } from '#web/live/url-state.ts'
import type { CardNode } from './card/node-card.tsx'
import { chainEdges, chainNodes } from './chain/chain-elements.ts'
import type { ChainLayout } from './chain/chain-layout.ts'
import { layoutChainToRead } from './chain/chain-to-read.ts'
import { foldServices, isInStages } from './chain/fold-services.ts'
import {
  type BundleEdge,
  type FrameNode,
  type GroupNode,
  groupEdges,
  groupNodes,
  type MemberNode,
} from './chain/group-elements.ts'
import { layoutGroups } from './chain/group-layout.ts'
import { type ServiceGroup, serviceGroupsOf } from './chain/groups.ts'
import { hiddenNames, withoutHidden } from './chain/hidden.ts'
import { openGroups } from './chain/open-groups.ts'
import type { ServiceCardNode } from './chain/service-card.tsx'
import { type Dense, isDense, thinnedOut } from './dense/dense-drawing.ts'
import type { PlacedEdge } from './edge-geometry.ts'
import type { FlowEdgeData } from './flow-edge.tsx'
import type { GraphView } from './graph-context.ts'
import { edgesOf, nodesOf } from './graph-elements.ts'
import { type GraphLayout, hasTileFigure } from './graph-layout.ts'
import { type MiniBox, miniBoxes } from './minimap/mini-boxes.ts'
import { layoutToRead } from './retry/drawn-retries.ts'

export type DrawnNode = CardNode | ServiceCardNode | GroupNode | FrameNode | MemberNode

/** The graph as it is drawn: what React Flow takes, and what the canvas needs to know of it. */
export interface Drawing {
  nodes: DrawnNode[]
  edges: (FlowEdgeData | BundleEdge)[]
  placed: PlacedEdge[]
  /** Cards too small and too many to be elements; undefined: all are. */
  dense: Dense | undefined
  heads: GraphLayout['columns']
  /** Size of the whole, the zoom at which it is as drawn, and whether it is only as wide as the room. */
  frame: { width: number; height: number; enlarged: number; tiles: boolean }
  /** Where a node is for the arrow keys, and the links that they follow. */
  places: Map<string, { column: number; y: number }>
  links: Topology['edges']
  tileFigures: boolean
  tileNames: GraphView['tileNames']
  /** The card of the first source. */
  source: { x: number; y: number; width: number; height: number } | undefined
  /** Groups of services, where they are drawn; `grouped`: how many of them are shown as groups now. */
  groups: { all: ServiceGroup[]; open: Set<string>; services: number; hidden: number; bundled: number } | undefined
  /** What the map shows; undefined if the graph is small enough to need none. */
  mini: MiniBox[] | undefined
}

/** Services from which they are grouped by their names, until the reader says otherwise. */
const groupedFrom = 25

interface View {
  topology: Topology
  size: { width: number; height: number }
  zoom: number
  tiles: boolean
  faultNames: Record<string, string>
}

/** What a chain of services needs to know beside the topology. */
export function useDrawing({ topology, size, zoom, tiles, faultNames }: View): Drawing {
  const zoomStep = Number(zoom.toFixed(1))
  const chain = useMemo(() => isInStages(topology), [topology])
  const whole = useMemo(() => (chain ? foldServices(topology) : undefined), [chain, topology])
  const hiddenText = useParam('hide')
  const folded = useMemo(() => whole && withoutHidden(whole, hiddenNames.read(hiddenText)), [whole, hiddenText])
  const groups = useMemo(() => (folded ? serviceGroupsOf(folded) : []), [folded])
  const asked = useParam('fold')
  const services = whole?.parts.size ?? 0
  const hidden = services - (folded?.parts.size ?? 0)
  const grouped = groups.length > 0 && (asked === undefined ? services >= groupedFrom : asked === 'prefix')
  const openText = useParam('open')
  const open = useMemo(() => openGroups.read(openText), [openText])
  const quiet = useLive((live) => Object.values(live.nodes).every((figures) => figures.total === 0))
  const rows = useReplicaRows(chain && !grouped)
  const replicas = useLive(
    useShallow((live) => Object.fromEntries(live.services.map((one) => [one.name, one.replicas.length]))),
  )
  const tileScale = tiles ? Number(zoom.toFixed(2)) : undefined

  const layout = useMemo(() => {
    if (!folded) return { kind: 'hop' as const, ...layoutToRead(topology, { ...size, quiet, replicas }) }
    if (grouped) return { kind: 'groups' as const, layout: layoutGroups(folded, groups, open, size) }
    return { kind: 'chain' as const, ...layoutChainToRead(folded, { ...size, rows }) }
  }, [topology, folded, grouped, groups, open, size, quiet, replicas, rows])

  const dense = layout.kind !== 'hop' && isDense(layout.layout.boxes.size, zoom)
  // A mark has the size of its card. A tile is of one size on the screen: so many of them would cover each other.
  const cardScale = dense ? undefined : tileScale

  const drawn = useMemo((): Drawn => {
    if (layout.kind === 'hop') {
      const nodes = nodesOf(layout.topology, layout.layout, tiles)
      const edges = edgesOf(layout.topology, layout.layout, cardScale, faultNames)
      const source = [...layout.layout.nodes.values()].find(({ node }) => node.kind === 'producer')
      return {
        ...{ nodes, edges, placed: placedOf(edges), heads: layout.layout.columns },
        frame: { ...sizeOf(layout.layout), enlarged: layout.enlarged, tiles: layout.layout.tiles },
        ...{ places: layout.layout.nodes, links: layout.topology.edges },
        groups: undefined,
        source: source && { ...source, height: source.cardHeight },
      }
    }
    const chainOf = folded ?? foldServices(topology)
    if (layout.kind === 'groups') {
      const nodes = groupNodes(chainOf, groups, layout.layout)
      const edges = groupEdges(groups, layout.layout, zoomStep)
      return {
        ...{ nodes, edges, placed: placedOf(edges), heads: [] },
        frame: { ...sizeOf(layout.layout), enlarged: 1, tiles: false },
        ...{ places: layout.layout.boxes, links: edges.flatMap(({ data }) => (data ? [data.placed.edge] : [])) },
        source: undefined,
        groups: {
          all: groups,
          open,
          ...{ services, hidden },
          bundled: new Set(layout.layout.bundles.flatMap(({ topics }) => topics)).size,
        },
      }
    }
    const nodes = chainNodes(layout.folded, layout.layout, cardScale, rows)
    const edges = chainEdges(layout.folded, layout.layout, cardScale, faultNames)
    const first = chainOf.nodes.find(({ kind }) => kind === 'producer')
    return {
      ...{ nodes, edges, placed: placedOf(edges), heads: layout.layout.heads },
      frame: { ...sizeOf(layout.layout), enlarged: layout.enlarged, tiles: false },
      ...{ places: layout.layout.boxes, links: layout.folded.edges },
      source: first && layout.layout.boxes.get(first.id),
      groups:
        (groups.length > 0 && asked !== undefined) || hidden > 0
          ? { all: groups, open: new Set(), services, hidden, bundled: 0 }
          : undefined,
    }
  }, [layout, topology, folded, groups, open, services, hidden, asked, tiles, cardScale, zoomStep, faultNames, rows])
  const shown = useMemo(() => (dense ? withMarks(drawn) : { ...drawn, dense: undefined }), [drawn, dense])
  const mini = useMemo(() => {
    if (layout.kind === 'hop' || services < groupedFrom) return undefined
    return miniBoxes<DrawnNode>(drawn.nodes, ({ data }) => ('group' in data ? data.group.members : undefined))
  }, [drawn, layout.kind, services])
  return { ...shown, mini, ...labelsAt(layout, zoom) }
}

type Drawn = Omit<Drawing, 'tileFigures' | 'tileNames' | 'dense' | 'mini'>

/** The same drawing with small cards as marks; groups and frames stay what they are. */
function withMarks(drawn: Drawn): Drawn & { dense: Dense } {
  const { nodes, edges, dense } = thinnedOut<DrawnNode, FlowEdgeData | BundleEdge>(
    drawn.nodes,
    drawn.edges,
    (node) =>
      node.type === 'member'
        ? { queue: node.data.queue }
        : node.type === 'service'
          ? { queue: node.data.parts.queue }
          : undefined,
    ({ data }) => data?.placed,
  )
  return { ...drawn, nodes, edges, placed: placedOf(edges), dense }
}

/** Pixels on the screen for a name that can be recognised. */
const leastName = 64

/** Which lines of a tile's label have room. */
function labelsAt(
  drawn: { kind: 'hop'; layout: GraphLayout } | { kind: 'chain'; layout: ChainLayout } | { kind: 'groups' },
  zoom: number,
): Pick<Drawing, 'tileFigures' | 'tileNames'> {
  if (drawn.kind === 'hop') return { tileFigures: hasTileFigure(drawn.layout, zoom), tileNames: 'all' }
  if (drawn.kind === 'groups') return { tileFigures: true, tileNames: 'all' }
  const row = drawn.layout.row * zoom
  const pitch = drawn.layout.pitch * zoom
  const names = row < 52 || 2 * pitch < leastName ? 'none' : pitch < leastName ? 'services' : 'all'
  return { tileFigures: row >= 68, tileNames: names }
}

const sizeOf = ({ width, height }: { width: number; height: number }) => ({ width, height })
const placedOf = (edges: readonly (FlowEdgeData | BundleEdge)[]): PlacedEdge[] =>
  edges.flatMap(({ data }) => (data ? [data.placed] : []))

/** Rows of replicas by service: of the selected one, and where not all are up. */
function useReplicaRows(wanted: boolean): ReadonlyMap<string, number> {
  const selected = useParam('node')
  const text = useLive((live) =>
    wanted
      ? live.services
          .filter(
            ({ name, replicas }) =>
              selected === `consumer:${name}` ||
              selected === `producer:${name}` ||
              replicas.some(({ state, away }) => state !== 'up' || away !== undefined),
          )
          .map(({ name, replicas }) => `${name} ${replicas.length}`)
          .join()
      : '',
  )
  return useMemo(
    () =>
      new Map(
        text === ''
          ? []
          : text.split(',').flatMap((one) => {
              const [name = '', rows = '0'] = one.split(' ')
              return [[`consumer:${name}`, Number(rows)] as const, [`producer:${name}`, Number(rows)] as const]
            }),
      ),
    [text],
  )
}
