import type { ServiceStatus } from '#contracts/api/live.ts'
import type { NodeState } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import type { StructureNode } from './topology-structure.ts'

/** Whether the parts that are not workers answer. */
export interface PartsUp {
  broker: boolean
  database: boolean
  mailbox: boolean
}

/** The state of a node, by what its sidecar says or by whether its part answers. */
export function nodeStateOf(
  node: StructureNode,
  services: ReadonlyMap<string, ServiceStatus>,
  parts: PartsUp,
): NodeState {
  if (node.kind === 'producer' || node.kind === 'consumer') {
    return reachableState(services.get(node.name))
  }
  const part = node.effect === undefined ? 'broker' : effectOf(node.effect).part
  return parts[part] ? 'up' : 'unreachable'
}

/** The state of a service, `unreachable` too where its replicas run and what they deliver to does not answer. */
function reachableState(service: ServiceStatus | undefined): NodeState {
  const state = serviceState(service)
  const up = service?.replicas.filter((replica) => replica.state === 'up') ?? []
  if ((state !== 'up' && state !== 'degraded') || up.every(({ away }) => away === undefined)) return state
  return up.every(({ away }) => away !== undefined) ? 'unreachable' : 'degraded'
}

/** `up`: all replicas run; `degraded`: some do; `paused`: none, and one is paused; `restarting`: none, and one is on its way; `killed`: none. */
export function serviceState(service: ServiceStatus | undefined): NodeState {
  if (!service?.connected || service.replicas.length === 0) return 'unreachable'
  const up = service.replicas.filter(({ state }) => state === 'up').length
  if (up === service.replicas.length) return 'up'
  if (up > 0) return 'degraded'
  if (service.replicas.some(({ state }) => state === 'paused')) return 'paused'
  const coming = service.replicas.some(({ state }) => !['stopped', 'stopping', 'killed'].includes(state))
  return coming ? 'restarting' : 'killed'
}
