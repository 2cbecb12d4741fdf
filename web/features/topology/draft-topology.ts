import { edgeId, nodeId, type Topology, type TopologyEdge, type TopologyNode } from '#contracts/api/topology.ts'
import type { DrawnService } from '../lab/draft-store.ts'

/** What a draft of the lab changes on the graph: ids of nodes and edges that come, and of those that go. */
export interface DraftMarks {
  added: Set<string>
  gone: Set<string>
}

export interface DraftTopology extends DraftMarks {
  topology: Topology
}

/**
 * The graph with a draft laid over it: what the draft adds is in it, marked, and what it takes away is still there, marked too. Topics
 * are drawn by the names of their events.
 */
export function draftTopology(live: Topology, services: readonly DrawnService[]): DraftTopology {
  const nodes = new Map(live.nodes.map((node) => [node.id, node]))
  const edges = new Map(live.edges.map((edge) => [edge.id, edge]))
  const wanted = new Set<string>()
  const added = new Set<string>()
  const node = (kind: TopologyNode['kind'], name: string, runs?: string): string => {
    const id = nodeId(kind, name)
    if (!nodes.has(id)) {
      nodes.set(id, { id, kind, name, state: 'up', ...(runs === undefined ? {} : { runs }) })
      added.add(id)
    }
    wanted.add(id)
    return id
  }
  const edge = (from: string, to: string): void => {
    const id = edgeId(from, to)
    wanted.add(id)
    if (edges.has(id)) return
    edges.set(id, { id, from, to, declared: true, observed: false })
    added.add(id)
  }
  for (const { name, receives, sends, runs } of services) {
    const service = node(receives.length === 0 ? 'producer' : 'consumer', name, runs)
    if (receives.length > 0) {
      const queue = node('queue', name)
      for (const type of receives) edge(node('topic', type), queue)
      edge(queue, service)
    }
    for (const type of sends) edge(service, node('topic', type))
  }
  const isWiring = ({ to, declared }: TopologyEdge): boolean =>
    declared && (to.startsWith('topic:') || to.startsWith('queue:'))
  const isService = ({ kind }: TopologyNode): boolean => kind === 'producer' || kind === 'consumer'
  const gone = new Set([
    ...live.edges.filter((one) => isWiring(one) && !wanted.has(one.id)).map(({ id }) => id),
    ...live.nodes.filter((one) => isService(one) && !wanted.has(one.id)).map(({ id }) => id),
  ])
  return { topology: { ...live, nodes: [...nodes.values()], edges: [...edges.values()] }, added, gone }
}
