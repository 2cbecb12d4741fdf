import type { FoldedTopology } from './fold-services.ts'

/** Services whose names begin alike. */
export interface ServiceGroup {
  /** `group:checkout-`. */
  id: string
  /** With its dash: `checkout-`. */
  prefix: string
  /** Ids of its services, in the order of the topology. */
  members: string[]
}

/** Services from which a group is worth a card of its own. */
const leastMembers = 3

/** The part of a name that it shares with others: up to its first dash. */
const prefixOf = (name: string): string | undefined => {
  const dash = name.indexOf('-')
  return dash <= 0 || dash === name.length - 1 ? undefined : name.slice(0, dash + 1)
}

/** Groups by name prefix, in the order of their first service. */
export function serviceGroupsOf({ nodes }: Pick<FoldedTopology, 'nodes'>): ServiceGroup[] {
  const groups = new Map<string, ServiceGroup>()
  for (const { id, kind, name } of nodes) {
    const prefix = kind === 'producer' || kind === 'consumer' ? prefixOf(name) : undefined
    if (prefix === undefined) continue
    const group = groups.get(prefix) ?? { id: `group:${prefix}`, prefix, members: [] }
    groups.set(prefix, group)
    group.members.push(id)
  }
  return [...groups.values()].filter(({ members }) => members.length >= leastMembers)
}

/** All topics from one card to another, as one line. */
export interface Bundle {
  /** `bundle:from->to`. */
  id: string
  from: string
  to: string
  topics: string[]
  /** Edges of the topology that bring messages to these topics from here. */
  carries: string[]
  declared: boolean
  observed: boolean
}

/** What represents each service: its folded group, or itself. */
export function shownFor(groups: readonly ServiceGroup[], open: ReadonlySet<string>): (service: string) => string {
  const folded = new Map(
    groups.flatMap((group) =>
      open.has(group.prefix) ? [] : group.members.map((member) => [member, group.id] as const),
    ),
  )
  return (service) => folded.get(service) ?? service
}

/** Who sends what to whom, between what is shown. What stays within one folded group is not in it. */
export function bundlesOf({ nodes, edges }: FoldedTopology, shown: (service: string) => string): Bundle[] {
  const topics = new Set(nodes.filter(({ kind }) => kind === 'topic').map(({ id }) => id))
  const senders = new Map<string, FoldedTopology['edges']>()
  for (const edge of edges) {
    if (!topics.has(edge.to)) continue
    const group = senders.get(edge.to)
    if (group) group.push(edge)
    else senders.set(edge.to, [edge])
  }
  const bundles = new Map<string, Omit<Bundle, 'topics' | 'carries'> & { topics: Set<string>; carries: Set<string> }>()
  for (const taken of edges) {
    for (const sent of senders.get(taken.from) ?? []) {
      const [from, to] = [shown(sent.from), shown(taken.to)]
      if (from === to) continue
      const id = `bundle:${from}->${to}`
      const bundle = bundles.get(id) ?? {
        ...{ id, from, to, declared: true, observed: false },
        topics: new Set<string>(),
        carries: new Set<string>(),
      }
      bundles.set(id, bundle)
      bundle.topics.add(taken.from)
      bundle.carries.add(sent.id)
      bundle.declared &&= sent.declared && taken.declared
      bundle.observed ||= sent.observed && taken.observed
    }
  }
  return [...bundles.values()].map((bundle) => ({
    ...bundle,
    topics: [...bundle.topics],
    carries: [...bundle.carries],
  }))
}
