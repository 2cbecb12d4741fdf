import type { Topology, TopologyNode } from '#contracts/api/topology.ts'

/** A consumer with what is before and behind it, in the order in which a message meets them. */
export interface StripLane {
  id: string
  nodes: TopologyNode[]
}

/** One lane for each consumer: its queue, itself, its effects and its dead letters. */
export function stripLanes({ nodes, edges }: Topology): StripLane[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return nodes
    .filter(({ kind }) => kind === 'consumer')
    .map((consumer) => {
      const queues = edges.flatMap(({ from, to }) => {
        const node = byId.get(from)
        return to === consumer.id && node?.kind === 'queue' ? [node] : []
      })
      const starts = new Set([consumer.id, ...queues.map(({ id }) => id)])
      const ends = edges.flatMap(({ from, to }) => {
        const node = byId.get(to)
        return starts.has(from) && (node?.kind === 'effect' || node?.kind === 'dead_letter_queue') ? [node] : []
      })
      ends.sort((a, b) => Number(a.kind === 'dead_letter_queue') - Number(b.kind === 'dead_letter_queue'))
      return { id: consumer.id, nodes: [...new Set([...queues, consumer, ...ends])] }
    })
}

/** Where messages come from. */
export const sourcesOf = ({ nodes }: Topology): TopologyNode[] => nodes.filter(({ kind }) => kind === 'producer')
