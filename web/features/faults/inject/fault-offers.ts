import type { Topology, TopologyEdge, TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import type { FaultCatalogueItem, FaultOffer } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import { isBrokerNode, linksOfEdge, type TopicOf } from '../fault-places.ts'

/** What the drawer is open on. */
export type FaultSpot = { node: TopologyNode } | { edge: TopologyEdge }

/** A fault that this spot can have, with the targets that it can have here; never empty. */
export interface OfferedFault {
  item: FaultCatalogueItem
  offers: FaultOffer[]
}

/** Faults of one sort, as the picker groups them: `Process`, `Handler`, `Broker link`. */
export interface OfferedScope {
  scope: string
  label: string
  faults: OfferedFault[]
}

const scopeLabels: Record<string, string> = {
  process: 'Process',
  handler: 'Handler',
  messages: 'Messages',
  'broker-link': 'Broker link',
  'database-link': 'Database link',
  'smtp-link': 'SMTP link',
  broker: 'Broker',
}
const order = Object.keys(scopeLabels)

/** What can be injected at a node or edge on the broker of now, grouped. What it cannot have is not in it. */
export function offersAt(
  spot: FaultSpot,
  catalogue: readonly FaultCatalogueItem[],
  topology: Topology,
  topicOf: TopicOf,
): OfferedScope[] {
  const links = [...new Set(catalogue.flatMap(({ offers }) => offers.flatMap(({ target }) => target.link ?? [])))]
  const isHere = hereAt(spot, links, topology, topicOf)
  const scopes = new Map<string, OfferedFault[]>()
  for (const item of catalogue) {
    for (const offer of item.offers) {
      if (!isHere(item, offer)) continue
      const scope = scopeOf(item, offer, spot)
      const faults = scopes.get(scope) ?? []
      const known = faults.find((fault) => fault.item === item)
      if (known) known.offers.push(offer)
      else faults.push({ item, offers: [offer] })
      scopes.set(scope, faults)
    }
  }
  return [...scopes]
    .map(([scope, faults]) => ({ scope, label: scopeLabels[scope] ?? scope, faults: faults.map(withoutOnlyReplica) }))
    .sort((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope))
}

/** The one replica of a worker is the worker: one choice, not two. */
function withoutOnlyReplica({ item, offers }: OfferedFault): OfferedFault {
  const replicas = offers.filter(({ target }) => target.instance !== undefined)
  return { item, offers: replicas.length === 1 ? offers.filter((offer) => offer !== replicas[0]) : offers }
}

type IsHere = (item: FaultCatalogueItem, offer: FaultOffer) => boolean

function hereAt(spot: FaultSpot, links: readonly string[], topology: Topology, topicOf: TopicOf): IsHere {
  if ('edge' in spot) {
    const here = linksOfEdge(spot.edge.id, links, topology)
    const touchesBroker = topology.nodes.some(
      (node) => (node.id === spot.edge.from || node.id === spot.edge.to) && isBrokerNode(node),
    )
    return (_, { target }) =>
      target.link === undefined ? target.broker !== undefined && touchesBroker : here.includes(target.link)
  }
  const { kind, name, effect } = spot.node
  switch (kind) {
    case 'producer':
      return ({ by }, { target }) =>
        target.service === name ||
        target.link?.startsWith(`${name}->`) === true ||
        (target.eventType !== undefined && by.includes('producer'))
    case 'consumer':
      return (_, { target }) => target.service === name || target.link?.startsWith(`${name}->`) === true
    case 'topic':
      return (_, { target }) =>
        target.broker !== undefined || (target.eventType !== undefined && topicOf(target.eventType) === name)
    case 'effect':
      return (_, { target }) => effect !== undefined && target.link?.endsWith(`->${effectOf(effect).link}`) === true
    default:
      return (_, { target }) => target.broker !== undefined
  }
}

function scopeOf({ type }: FaultCatalogueItem, { target }: FaultOffer, spot: FaultSpot): string {
  if (target.broker !== undefined) return 'broker'
  if (target.link !== undefined) return `${target.link.slice(target.link.indexOf('->') + 2)}-link`
  const places = definitionOf(type)?.carriedBy.map(({ at }) => at) ?? []
  if (places.includes('workers')) return 'process'
  const atConsumer = 'node' in spot && spot.node.kind === 'consumer'
  return atConsumer || places.every((at) => at === 'consumers') ? 'handler' : 'messages'
}
