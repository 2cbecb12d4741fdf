import type { Topology, TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'

/** Whether a service that receives also sends: then a message takes more than one hop, and the graph is drawn by stages. */
export const isChain = ({ edges }: Pick<Topology, 'edges'>): boolean =>
  edges.some(({ from, to }) => from.startsWith('consumer:') && to.startsWith('topic:'))

/** Consumers that have room below each other with their queues and effects beside them. */
const mostInRows = 8

/** Whether a topology is drawn by stages, with folded services: it is a chain, or it has more consumers than rows have room for. */
export const isInStages = (topology: Topology): boolean =>
  isChain(topology) || topology.nodes.filter(({ kind }) => kind === 'consumer').length > mostInRows

/** What a service's card holds beside the service itself. */
export interface FoldedParts {
  queue: string | undefined
  deadLetters: string | undefined
  /** Effects that it has. */
  effects: TopologyNode[]
  /** Topics that it publishes to. */
  sends: number
}

/** The topology with each service's queue, effects and dead letters folded into the service. */
export interface FoldedTopology {
  /** Services and topics; a queue that no service of the lab reads represents itself. */
  nodes: TopologyNode[]
  /** Between services and topics. An edge from a topic to a queue keeps its id and ends at the service. */
  edges: TopologyEdge[]
  /** By id of the service. */
  parts: Map<string, FoldedParts>
}

const isService = ({ kind }: TopologyNode): boolean => kind === 'producer' || kind === 'consumer'

/** Folds a topology of any size in one pass over its nodes and edges. */
export function foldServices(topology: Topology): FoldedTopology {
  const byId = new Map(topology.nodes.map((node) => [node.id, node]))
  const parts = new Map<string, FoldedParts>()
  for (const node of topology.nodes) {
    if (isService(node)) parts.set(node.id, { queue: undefined, deadLetters: undefined, effects: [], sends: 0 })
  }
  const readers = new Map<string, string>()
  for (const { from, to } of topology.edges) {
    if (byId.get(from)?.kind !== 'queue' || !parts.has(to)) continue
    readers.set(from, to)
    const part = parts.get(to)
    if (part) part.queue = from
  }
  const edges: TopologyEdge[] = []
  for (const edge of topology.edges) {
    const target = byId.get(edge.to)
    const part = parts.get(edge.from)
    if (target?.kind === 'topic') {
      edges.push(edge)
      if (part) part.sends += 1
    } else if (target?.kind === 'queue') edges.push({ ...edge, to: readers.get(edge.to) ?? edge.to })
    else if (part && target?.kind === 'effect') part.effects.push(target)
    else if (part && target?.kind === 'dead_letter_queue') part.deadLetters = target.id
  }
  const nodes = topology.nodes.filter(
    (node) => isService(node) || node.kind === 'topic' || (node.kind === 'queue' && !readers.has(node.id)),
  )
  const shown = new Set(nodes.map(({ id }) => id))
  return { nodes, edges: edges.filter(({ from, to }) => shown.has(from) && shown.has(to)), parts }
}
