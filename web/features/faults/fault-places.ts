import { nodeId, type Topology, type TopologyEdge, type TopologyNode } from '#contracts/api/topology.ts'
import { effects } from '#contracts/effects/effect-list.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import { isOver } from './fault-words.ts'

/** Topic of an event type, where it has another name than the type. */
export type TopicOf = (eventType: string) => string

/** Nodes and edges at which a fault is drawn, by id. */
export interface FaultPlaces {
  nodes: string[]
  /** In the order of the graph: the first one carries the badge. */
  edges: string[]
}

/** Whether nothing passes an edge under this fault: it is drawn cut. */
export const isCut = ({ type, state }: Pick<Fault, 'type' | 'state'>): boolean =>
  definitionOf(type)?.explains?.cuts === true && (state === 'active' || state === 'injecting')

/** Whether a node lies in the broker. */
export const isBrokerNode = ({ kind }: Pick<TopologyNode, 'kind'>): boolean =>
  kind === 'topic' || kind === 'queue' || kind === 'dead_letter_queue' || kind === 'retry_topic'

/** Edges of the graph whose bytes pass a link: `consumer-db->broker`, `consumer-db->database`, `producer->broker`. */
export function edgesOfLink(link: string, topology: Topology): TopologyEdge[] {
  const [service = '', end] = link.split('->')
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]))
  const own = [nodeId('producer', service), nodeId('consumer', service)]
  return topology.edges.filter(({ from, to }) => {
    const source = nodes.get(from)
    const target = nodes.get(to)
    if (!source || !target) return false
    if (end === 'broker') {
      if (own.includes(from)) return isBrokerNode(target)
      return own.includes(to) && (from === nodeId('queue', service) || source.kind === 'retry_topic')
    }
    const effect = effects.find(({ link }) => link === end)?.kind
    return own.includes(from) && target.kind === 'effect' && target.effect === effect
  })
}

/** Where a fault is drawn: at the workers that it concerns, at its link's edges, at its event type's topic; a broker's everywhere. */
export function faultPlacesOf(
  { target, services }: Pick<Fault, 'target' | 'services'>,
  topology: Topology,
  topicOf: TopicOf,
): FaultPlaces {
  const worker = (service: string): string[] => [nodeId('producer', service), nodeId('consumer', service)]
  const known = (ids: string[]): string[] => topology.nodes.map(({ id }) => id).filter((id) => ids.includes(id))
  if (target.link !== undefined) {
    const [service = ''] = target.link.split('->')
    return { nodes: known(worker(service)), edges: edgesOfLink(target.link, topology).map(({ id }) => id) }
  }
  if (target.broker !== undefined) {
    const nodes = topology.nodes.filter(isBrokerNode).map(({ id }) => id)
    return {
      nodes,
      edges: topology.edges.filter(({ from, to }) => nodes.includes(from) || nodes.includes(to)).map(({ id }) => id),
    }
  }
  const topics =
    target.eventType === undefined || target.service !== undefined ? [] : [nodeId('topic', topicOf(target.eventType))]
  const concerned = target.service === undefined ? services : [target.service]
  return { nodes: known([...topics, ...concerned.flatMap(worker)]), edges: [] }
}

/** A fault on an edge; `isFirst`: on the first of its edges, which carries the badge. */
export interface EdgeFault {
  fault: Fault
  isFirst: boolean
}

/** Faults in effect or scheduled, by the node and edge at which they are drawn. */
export interface FaultMap {
  nodes: Map<string, Fault[]>
  edges: Map<string, EdgeFault[]>
}

export function faultMap(faults: readonly Fault[], topology: Topology, topicOf: TopicOf): FaultMap {
  const map: FaultMap = { nodes: new Map(), edges: new Map() }
  for (const fault of faults) {
    if (isOver(fault)) continue
    const { nodes, edges } = faultPlacesOf(fault, topology, topicOf)
    for (const id of nodes) map.nodes.set(id, [...(map.nodes.get(id) ?? []), fault])
    edges.forEach((id, index) => {
      map.edges.set(id, [...(map.edges.get(id) ?? []), { fault, isFirst: index === 0 }])
    })
  }
  return map
}

/** Links of the lab whose bytes pass an edge, of those that are offered. */
export const linksOfEdge = (edge: string, links: readonly string[], topology: Topology): string[] =>
  links.filter((link) => edgesOfLink(link, topology).some(({ id }) => id === edge))
