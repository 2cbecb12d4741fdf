import type { Topology } from '#contracts/api/topology.ts'

/** Ids of nodes and edges that are lit; all others are dimmed. */
export interface Lit {
  nodes: Set<string>
  edges: Set<string>
}

/** Everything upstream and downstream of the given nodes and edges, with them. */
export function litAround(
  topology: Topology,
  start: { node?: string | undefined; edge?: string | undefined },
): Lit | undefined {
  const edge = topology.edges.find((one) => one.id === start.edge)
  const node = topology.nodes.find((one) => one.id === start.node)
  if (!edge && !node) return undefined
  const lit: Lit = { nodes: new Set(), edges: new Set() }
  if (edge) lit.edges.add(edge.id)
  walk(topology, node?.id ?? edge?.from, 'up', lit)
  walk(topology, node?.id ?? edge?.to, 'down', lit)
  return lit
}

function walk(topology: Topology, from: string | undefined, way: 'up' | 'down', lit: Lit): void {
  const open = from === undefined ? [] : [from]
  const seen = new Set(open)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    lit.nodes.add(id)
    for (const edge of topology.edges) {
      if ((way === 'down' ? edge.from : edge.to) !== id) continue
      lit.edges.add(edge.id)
      const next = way === 'down' ? edge.to : edge.from
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
}

/** The node that an arrow key leads to: along edges to the sides, within the column up and down. */
export function neighbour(
  links: Topology['edges'],
  places: Map<string, { column: number; y: number }>,
  from: string,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): string | undefined {
  const place = places.get(from)
  if (!place) return undefined
  const nearest = (ids: string[]): string | undefined =>
    ids.map((id) => ({ id, away: Math.abs((places.get(id)?.y ?? 0) - place.y) })).sort((a, b) => a.away - b.away)[0]?.id
  if (key === 'ArrowRight') return nearest(links.filter((edge) => edge.from === from).map((edge) => edge.to))
  if (key === 'ArrowLeft') return nearest(links.filter((edge) => edge.to === from).map((edge) => edge.from))
  const down = key === 'ArrowDown'
  return nearest(
    [...places.entries()]
      .filter(
        ([id, other]) => id !== from && other.column === place.column && (down ? other.y > place.y : other.y < place.y),
      )
      .map(([id]) => id),
  )
}
