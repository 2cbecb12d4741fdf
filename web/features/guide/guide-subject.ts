import type { ServiceStatus } from '#contracts/api/live.ts'
import { edgeId, nodeId, type Topology, type TopologyNode } from '#contracts/api/topology.ts'

/** What of this lab the first experiment is done with. */
export interface GuideSubject {
  /** The event type that is published. */
  type: string
  /** The consumer that is killed and cut off. */
  consumer: string
  /** Its replica that is killed. */
  instance: string
  replicas: number
  /** `consumer-db->database`: the link to what its effect is made in. */
  link: string
  /** Whether it promises one effect for a message that it is handed twice. */
  idempotent: boolean
  nodes: { topic: string; queue: string; consumer: string; effect: string }
}

/**
 * The consumer and the event type of the experiment: a consumer of this process's own with an effect and a link to it, the one that
 * promises a single effect first, and of its types the one that most consumers receive. Undefined if the lab has none of that kind.
 */
export function guideSubject({ nodes, edges }: Topology, services: readonly ServiceStatus[]): GuideSubject | undefined {
  const { into, outOf } = neighboursIn(nodes, edges)
  const consumers = nodes
    .filter(({ kind }) => kind === 'consumer')
    .toSorted((a, b) => Number(b.idempotent ?? false) - Number(a.idempotent ?? false))
  for (const consumer of consumers) {
    const queue = nodeId('queue', consumer.name)
    const effect = outOf(consumer.id).find(({ kind }) => kind === 'effect')
    if (!effect) continue
    const service = services.find(({ name }) => name === consumer.name)
    const link = service?.links.find(({ id }) => id !== edgeId(consumer.name, 'broker'))
    const [replica] = service?.replicas ?? []
    const topic = into(queue)
      .filter(({ kind, id }) => kind === 'topic' && into(id).some((node) => node.kind === 'producer'))
      .toSorted((a, b) => outOf(b.id).length - outOf(a.id).length)[0]
    if (!link || !replica || !topic) continue
    return {
      ...{ type: topic.name, consumer: consumer.name, instance: replica.instance, link: link.id },
      ...{ replicas: service?.wanted ?? service?.replicas.length ?? 1, idempotent: consumer.idempotent ?? false },
      nodes: { topic: topic.id, queue, consumer: consumer.id, effect: effect.id },
    }
  }
  return undefined
}

/** Who is before and after each node. Each edge is read once: this is asked with every report of a lab that may have 1,000 services. */
function neighboursIn(nodes: Topology['nodes'], edges: Topology['edges']) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const before = new Map<string, TopologyNode[]>()
  const after = new Map<string, TopologyNode[]>()
  const add = (lists: Map<string, TopologyNode[]>, id: string, other: string): void => {
    const node = byId.get(other)
    const list = lists.get(id)
    if (node === undefined) return
    if (list === undefined) lists.set(id, [node])
    else list.push(node)
  }
  for (const { from, to } of edges) {
    add(before, to, from)
    add(after, from, to)
  }
  return { into: (id: string) => before.get(id) ?? [], outOf: (id: string) => after.get(id) ?? [] }
}
