import type { Topology } from '#contracts/api/topology.ts'
import { type FoldableNode, foldedEdges } from './retry-nodes.ts'

/** Which topics are drawn in one place: those with the same senders and takers, or all that the lab has. */
export type StackedBy = 'links' | 'lab'

const prefix = 'topics:'
/** Topics from which one place for all of them is worth it. */
const leastTopics = 3

/** The place for several topics that an id names, its own or that of a link at it. */
export const stackOfLink = (id: string): string | undefined => id.split('->').find((end) => end.startsWith(prefix))

/** Whether a node is a place for several topics. */
export const isStack = ({ id }: { id: string }): boolean => id.startsWith(prefix)

/** The topology with many topics in one place each; the same value if there are too few that belong together. Names of members are kept by `folds`. */
export function stackTopics(topology: Topology, by: StackedBy): Topology {
  const stacks = new Map<string, string[]>()
  const links = by === 'links' ? linksOf(topology) : undefined
  for (const { id, kind } of topology.nodes) {
    if (kind !== 'topic') continue
    const stack = `${prefix}${links?.get(id) ?? ''}`
    stacks.set(stack, [...(stacks.get(stack) ?? []), id])
  }
  const placeOf = new Map<string, string>()
  for (const [stack, members] of stacks)
    if (members.length >= leastTopics) for (const member of members) placeOf.set(member, stack)
  if (placeOf.size === 0) return topology
  const nodes = topology.nodes.flatMap((node): FoldableNode[] => {
    const stack = placeOf.get(node.id)
    const members = stack === undefined ? undefined : stacks.get(stack)
    if (stack === undefined || members === undefined) return [node]
    if (members[0] !== node.id) return []
    return [{ ...node, id: stack, name: `${members.length} topics`, folds: members }]
  })
  return { nodes, edges: foldedEdges(topology.edges, placeOf) }
}

/** The ends of all links of each topic, in one text. */
function linksOf({ nodes, edges }: Topology): Map<string, string> {
  const names = new Map(nodes.map(({ id, name }) => [id, name]))
  const ends = new Map<string, { from: Set<string>; to: Set<string> }>()
  const at = (topic: string) => {
    const known = ends.get(topic) ?? { from: new Set<string>(), to: new Set<string>() }
    ends.set(topic, known)
    return known
  }
  for (const { from, to } of edges) {
    at(to).from.add(names.get(from) ?? from)
    at(from).to.add(names.get(to) ?? to)
  }
  const words = (some: Set<string>): string => [...some].sort().join('+')
  return new Map([...ends].map(([id, { from, to }]) => [id, `${words(from)}>${words(to)}`]))
}
