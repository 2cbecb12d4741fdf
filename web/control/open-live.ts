import type { Logger } from 'pino'
import type { Server } from 'socket.io'
import type { Burst } from '#contracts/api/burst.ts'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import type { LedgerSummary } from '#contracts/api/ledger.ts'
import { chartPoints, type Figures, type LabInfo } from '#contracts/api/live.ts'
import type { NodeState } from '#contracts/api/topology.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import type { EventLog } from './event-log/event-log.ts'
import type { LiveRuns } from './live/followed-run.ts'
import { LiveGateway } from './live/live-gateway.ts'
import type { SharedFrame } from './live/live-sources.ts'
import { createSteady } from './live/steady.ts'
import { telemetryCollector } from './metrics/collectors/telemetry-collector.ts'
import { samplesPerSecond } from './metrics/rate-window.ts'
import type { Observatory } from './observatory.ts'
import type { LabGraph } from './topology/lab-graph.ts'
import { makeLedgerSummary } from './verdict/ledger-report.ts'

export interface LiveParts {
  observatory: Observatory
  graph: LabGraph
  /** Running bursts and the last few that ended. */
  bursts: () => Burst[]
  /** Those in effect, and those that ended within the last `withinMs`. */
  faults: (withinMs: number) => Fault[]
  runs: LiveRuns
  labBroker: () => LabBroker
  /** What this lab is, and what is wrong with it beside telemetry. */
  lab: () => LabInfo
  events: Pick<EventLog, 'last' | 'since'>
  meters: Pick<Meters, 'addCollector'>
  log: Logger
  /** Epoch milliseconds. */
  clock?: () => number
}

export interface OpenLive {
  /** What all viewers are shown now. */
  shared(): SharedFrame
  /** Opens the namespaces `/agents` and `/live`, and begins to sample. To be called after the observatory has started. */
  attach(io: Server): void
  close(): void
}

/** What viewers are shown: one frame for all of them, a few times a second. */
export function openLive(parts: LiveParts): OpenLive {
  const { observatory, graph, labBroker, lab, events, log, runs, clock = Date.now } = parts
  const { metrics, partitions, traces, logs, find, view, report } = observatory
  const steady = {
    states: createSteady<NodeState>(),
    nodes: createSteady<Figures>(),
    edges: createSteady<Figures>(),
    groups: createSteady<LedgerSummary['groups'][number]>(),
  }
  const shared = (): SharedFrame => {
    const topology = graph.topology()
    const ledger = makeLedgerSummary(report())
    const ledgerGroups = steady.groups(
      Object.fromEntries(ledger.groups.map((counts) => [`${counts.topic}\n${counts.group}`, counts])),
    )
    return {
      at: clock(),
      states: steady.states(Object.fromEntries(topology.nodes.map(({ id, state }) => [id, state]))),
      nodes: steady.nodes(metrics.nodeFigures()),
      edges: steady.edges(metrics.edgeFigures()),
      services: observatory.services(),
      bursts: parts.bursts(),
      faults: parts.faults(chartPoints * 1_000),
      broker: labBroker(),
      underWay: runs.underWay(),
      partitions: partitions.figures(),
      members: partitions.members(),
      problems: [...lab().problems, ...observatory.problems()],
      ...{ ledger: { ...ledger, groups: Object.values(ledgerGroups) }, ledgerGroups },
      flows: observatory.flows.figures(),
      topology,
      topologyRevision: graph.revision(),
    }
  }
  const live = new LiveGateway(
    {
      ...{ shared, lab, logs, events, runs, find, view, order: traces.order },
      sparks: () => Object.fromEntries(metrics.sparks),
      charts: () => ({ points: metrics.charts, last: metrics.pointNumber }),
    },
    log,
  )
  parts.meters.addCollector(telemetryCollector({ ...observatory.telemetry, viewers: () => live.viewers }))
  let timer: NodeJS.Timeout | undefined

  return {
    shared,
    attach(io) {
      observatory.attach(io)
      live.attach(io)
      timer = setInterval(() => {
        observatory.tick()
        live.tick()
      }, 1_000 / samplesPerSecond)
    },
    close() {
      clearInterval(timer)
      live.close()
    },
  }
}
