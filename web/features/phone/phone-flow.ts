import type { Figures } from '#contracts/api/live.ts'
import type { Topology, TopologyNode } from '#contracts/api/topology.ts'
import { type FoldableNode, foldRetries, isRetry } from '../nodes/retry-nodes.ts'
import { rate } from '../words/figures.ts'

const order: TopologyNode['kind'][] = [
  'producer',
  'topic',
  'queue',
  'retry_topic',
  'consumer',
  'effect',
  'dead_letter_queue',
]

/** The nodes in the order in which a message meets them; queue, consumer and effect of one group are together, and its retry topics are one. */
export function phoneFlowOf(topology: Topology): FoldableNode[] {
  const { nodes, edges } = foldRetries(topology)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const after = (id: string): TopologyNode[] =>
    edges.flatMap((edge) => (edge.from === id ? (byId.get(edge.to) ?? []) : []))
  const flow: TopologyNode[] = nodes.filter((node) => node.kind === 'producer' || node.kind === 'topic')
  flow.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  for (const queue of nodes.filter((node) => node.kind === 'queue')) {
    const consumers = after(queue.id).filter((node) => node.kind === 'consumer')
    const ends = consumers.flatMap((consumer) => after(consumer.id)).filter((node) => node.kind === 'effect')
    const retries = consumers.flatMap((consumer) => after(consumer.id)).filter(isRetry)
    flow.push(queue, ...retries, ...consumers, ...ends)
  }
  // What hangs on nothing is shown all the same, at the end.
  const shown = new Set(flow.map((node) => node.id))
  return [...new Map([...flow, ...nodes.filter((node) => !shown.has(node.id))].map((node) => [node.id, node])).values()]
}

/** All topics in one line: their rate together, and the busiest of them. */
export function totalTopicWords(
  topics: TopologyNode[],
  figures: Record<string, Figures>,
): { rate: string; busiest: string } {
  const rates = topics.map((topic) => ({ name: topic.name, perSecond: figures[topic.id]?.ratePerSecond ?? 0 }))
  const [first] = rates.toSorted((a, b) => b.perSecond - a.perSecond)
  return {
    rate: rate(rates.reduce((sum, { perSecond }) => sum + perSecond, 0)),
    busiest: first && first.perSecond > 0 ? `${first.name} ${rate(first.perSecond)}/s` : 'quiet',
  }
}
