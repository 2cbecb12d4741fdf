import type { Figures } from '#contracts/api/live.ts'
import { edgeId, type Topology, type TopologyEdge, type TopologyNode } from '#contracts/api/topology.ts'

/** A node, or several topics in one place; `folds`: the ids of all of them; `levels`: those of retry topics, ascending. */
export type FoldableNode = TopologyNode & { folds?: readonly string[]; levels?: readonly number[] }
/** A link, or those of several topics; `folds`: the ids of all of them. */
export type FoldableEdge = TopologyEdge & { folds?: readonly string[] }

export const isRetry = ({ kind }: Pick<TopologyNode, 'kind'>): boolean => kind === 'retry_topic'

/** Ids of the nodes that one place is there for. */
export const foldsOf = (node: FoldableNode): readonly string[] => node.folds ?? [node.id]
/** Ids of the links that one is drawn for, if it is drawn for several. */
export const carriedBy = (edge: FoldableEdge): readonly string[] | undefined => edge.folds

/** Retry topics of a group by level. */
export const retriesOf = (nodes: readonly TopologyNode[], group: string): TopologyNode[] =>
  nodes.filter(({ retry }) => retry?.group === group).sort((a, b) => (a.retry?.level ?? 0) - (b.retry?.level ?? 0))

/** The topology with the retry topics of each group as one node, which has the id of the first of them; the same value if there are none. */
export function foldRetries(topology: Topology): Topology {
  if (!topology.nodes.some(isRetry)) return topology
  const first = new Map<string, string>()
  const nodes = topology.nodes.flatMap((node): FoldableNode[] => {
    if (!node.retry) return [node]
    const all = retriesOf(topology.nodes, node.retry.group)
    first.set(node.id, all[0]?.id ?? node.id)
    if (all[0] !== node) return []
    const delays = all.flatMap(({ retry }) => retry?.delayMs ?? [])
    const retry = { ...node.retry, ...(delays.length === 0 ? {} : { delayMs: Math.max(...delays) }) }
    const levels = all.flatMap((one) => one.retry?.level ?? [])
    return [{ ...node, name: `${node.retry.group}.retry`, retry, levels, folds: all.map(({ id }) => id) }]
  })
  return { nodes, edges: foldedEdges(topology.edges, first) }
}

/** Links with their ends in the places that `placeOf` has for them; those between the same two places are one. */
export function foldedEdges(all: readonly TopologyEdge[], placeOf: ReadonlyMap<string, string>): FoldableEdge[] {
  const edges = new Map<string, FoldableEdge>()
  for (const edge of all) {
    const from = placeOf.get(edge.from) ?? edge.from
    const to = placeOf.get(edge.to) ?? edge.to
    if (!placeOf.has(edge.from) && !placeOf.has(edge.to)) edges.set(edge.id, edge)
    else {
      const id = edgeId(from, to)
      const known: FoldableEdge = edges.get(id) ?? { ...edge, id, from, to }
      edges.set(id, {
        ...known,
        declared: known.declared && edge.declared,
        observed: known.observed || edge.observed,
        folds: [...(known.folds ?? []), ...(carriedBy(edge) ?? [edge.id])],
      })
    }
  }
  return [...edges.values()]
}

/** What is measured at all nodes of a place together: depths and rates summed up, the oldest of their ages. */
export function figuresOf(node: FoldableNode, all: Readonly<Record<string, Figures>>): Figures | undefined {
  const folded = foldsOf(node)
  if (folded.length === 1) return all[node.id]
  const known = folded.flatMap((id) => all[id] ?? [])
  if (known.length === 0) return undefined
  const sum = (of: (figures: Figures) => number | undefined): number =>
    known.reduce((total, figures) => total + (of(figures) ?? 0), 0)
  const oldest = Math.max(-1, ...known.map(({ oldestAgeMs = -1 }) => oldestAgeMs))
  return {
    ratePerSecond: sum(({ ratePerSecond }) => ratePerSecond),
    total: sum(({ total }) => total),
    depth: sum(({ depth }) => depth),
    ...(oldest < 0 ? {} : { oldestAgeMs: oldest }),
  }
}

/** The values of the sparklines of a place, summed up from the newest back. */
export function sparkOf(node: FoldableNode, all: Readonly<Record<string, number[]>>): number[] | undefined {
  const folded = foldsOf(node)
  if (folded.length === 1) return all[node.id]
  const lines = folded.flatMap((id) => (all[id] ? [all[id]] : []))
  const length = Math.max(0, ...lines.map((line) => line.length))
  return Array.from({ length }, (_, at) =>
    lines.reduce((total, line) => total + (line[at - (length - line.length)] ?? 0), 0),
  )
}
