import type { ServiceStatus } from '#contracts/api/live.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { PartHealth } from '../engines/part-health.ts'
import type { DeclaredLab } from '../lab/declared-lab.ts'
import { nodeStateOf, type PartsUp } from './node-states.ts'
import type { StandingRetryTopic } from './retry-topics.ts'
import { type ObservedWiring, type TopologyStructure, topologyStructure } from './topology-structure.ts'

export interface LabGraphSources {
  declaration: () => LabDeclaration
  lab: () => DeclaredLab
  observed: () => ObservedWiring
  /** Retry topics that the broker has. Absent: it has none. */
  retries?: () => readonly StandingRetryTopic[]
  services: () => readonly ServiceStatus[]
  parts: () => PartHealth[]
  /** Epoch milliseconds. */
  now?: () => number
}

/** Nodes and edges follow the declared lab, its broker and what was observed. */
export interface LabGraph {
  topology(): Topology
  /** Counts up when the structure changes; states do not count. */
  revision(): number
}

/** The structure is built again at most this often while telemetry adds observed edges, in milliseconds. */
const structureKeptMs = 200

export function createLabGraph(sources: LabGraphSources): LabGraph {
  const { now = Date.now } = sources
  let structure: TopologyStructure = { nodes: [], edges: [] }
  let fingerprint = ''
  let revision = 0
  let builtAt = Number.NEGATIVE_INFINITY
  let builtFrom: { lab: DeclaredLab; declaration: LabDeclaration } | undefined

  const refresh = (): void => {
    const [lab, declaration] = [sources.lab(), sources.declaration()]
    const isSame = lab === builtFrom?.lab && declaration === builtFrom.declaration
    if (isSame && now() - builtAt < structureKeptMs) return
    builtAt = now()
    builtFrom = { lab, declaration }
    const next = topologyStructure(declaration, lab, sources.observed(), sources.retries?.() ?? [])
    const nextFingerprint = JSON.stringify(next)
    if (nextFingerprint === fingerprint) return
    structure = next
    fingerprint = nextFingerprint
    revision += 1
  }

  return {
    topology() {
      refresh()
      const services = new Map(sources.services().map((service) => [service.name, service]))
      const parts = partsUp(sources.parts())
      const nodes = structure.nodes.map((node) => ({ ...node, state: nodeStateOf(node, services, parts) }))
      return { nodes, edges: structure.edges }
    },
    revision() {
      refresh()
      return revision
    },
  }
}

function partsUp(parts: readonly PartHealth[]): PartsUp {
  const up = (name: PartHealth['name']): boolean => parts.some((part) => part.name === name && part.up)
  return { broker: up('broker'), database: up('database'), mailbox: up('mailbox') }
}
