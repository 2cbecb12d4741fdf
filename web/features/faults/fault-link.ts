import type { Topology } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { Patch } from '#web/live/url-state.ts'
import { faultPlacesOf, type TopicOf } from './fault-places.ts'

/** What selects a fault: the drawer of its link or node, open at its faults; undefined if it is drawn nowhere. */
export function faultPatch(
  fault: Pick<Fault, 'id' | 'target' | 'services'>,
  topology: Topology,
  topicOf: TopicOf,
): Patch | undefined {
  const { nodes, edges } = faultPlacesOf(fault, topology, topicOf)
  // The broker has no node of its own: its first topic or queue represents it.
  const edge = fault.target.link === undefined ? undefined : edges[0]
  const node = edge === undefined ? nodes[0] : undefined
  if (edge === undefined && node === undefined) return undefined
  return { edge, node, message: undefined, attempt: undefined, tab: 'faults', fault: fault.id }
}
