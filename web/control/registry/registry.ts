import type { Burst } from '#contracts/api/burst.ts'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import type { Lab, ServiceStatus } from '#contracts/api/live.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { TopologyDeclaration } from '#contracts/lab.ts'
import type { Registry } from '../control-ports.ts'
import { nodeStateOf, type PartsUp } from '../topology/node-states.ts'
import type { PartHealth } from '../topology/part-health.ts'
import { type ObservedWiring, type TopologyStructure, topologyStructure } from '../topology/topology-structure.ts'
import { configOf } from './declared-lab.ts'
import type { EpochGrants } from './epoch-grants.ts'
import type { LabKeeper } from './lab-keeper.ts'

/** What the registry is told of the running lab; `web/server.ts` introduces the parts to each other. */
export interface RegistrySources {
  declaration: TopologyDeclaration
  keeper: LabKeeper
  epochs: EpochGrants
  observed: () => ObservedWiring
  services: () => readonly ServiceStatus[]
  parts: () => PartHealth[]
  /** What whoever looks at this lab has to know of it, for as long as it runs. Default: nothing. */
  notices?: readonly string[]
  bursts: () => Burst[]
  lab: Omit<Lab, 'problems' | 'broker'>
  /** The broker that workers shall run on. */
  workersOn: () => BrokerName
  labBroker: () => LabBroker
  /** Replicas wanted, by service. */
  replicas: () => Record<string, number>
}

/** The structure is built anew at most this often while telemetry adds observed edges. */
const structureKeptMs = 200

export function createRegistry(sources: RegistrySources, now: () => number = Date.now): Registry {
  const { declaration, keeper } = sources
  let structure: TopologyStructure = { nodes: [], edges: [] }
  let fingerprint = ''
  let revision = 0
  let builtAt = Number.NEGATIVE_INFINITY
  let builtFrom: unknown

  const refresh = (): void => {
    const lab = keeper.lab()
    if (lab === builtFrom && now() - builtAt < structureKeptMs) return
    builtAt = now()
    builtFrom = lab
    const next = topologyStructure(declaration, lab, sources.observed())
    const nextFingerprint = JSON.stringify(next)
    if (nextFingerprint === fingerprint) return
    structure = next
    fingerprint = nextFingerprint
    revision += 1
  }
  const problems = (): string[] => [
    ...(sources.notices ?? []),
    ...sources.parts().flatMap(({ problem }) => problem ?? []),
  ]

  return {
    groupsOf: keeper.groupsOf,
    topology() {
      refresh()
      const services = sources.services()
      const parts = partsUp(sources.parts())
      const nodes = structure.nodes.map((node) => ({ ...node, state: nodeStateOf(node, services, parts) }))
      return { nodes, edges: structure.edges }
    },
    topologyRevision() {
      refresh()
      return revision
    },
    sidecarConfig: () => ({
      worker: configOf(keeper.lab(), keeper.revision()),
      broker: sources.workersOn(),
      replicas: sources.replicas(),
    }),
    bursts: sources.bursts,
    problems,
    lab: () => ({ ...sources.lab, broker: sources.labBroker().broker, problems: problems() }),
    labBroker: sources.labBroker,
    grantEpoch: sources.epochs.grant,
  }
}

function partsUp(parts: readonly PartHealth[]): PartsUp {
  const up = (name: PartHealth['name']): boolean => parts.some((part) => part.name === name && part.up)
  return { broker: up('broker'), database: up('database'), mailbox: up('mailbox') }
}
