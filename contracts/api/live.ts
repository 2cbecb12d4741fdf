import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { fault } from '../faults/fault.ts'
import { linkStatus, replicaStatus } from '../protocols/agent.ts'
import { logRecord } from '../protocols/telemetry.ts'
import { burst } from './burst.ts'
import { eventLogEntry } from './event-log.ts'
import { flowFigures } from './flow.ts'
import { journey, messageQuery, messageRow } from './journey.ts'
import { labBroker } from './lab-broker.ts'
import { ledgerSummary } from './ledger.ts'
import { groupMember, partitionFigures } from './partitions.ts'
import { runUnderWay } from './run.ts'
import { nodeState, topology } from './topology.ts'

/**
 * Between the control plane and a browser: Socket.IO, namespace `/live`.
 *
 * On connect and on `resync` the server sends one `snapshot`; from then on `frame`s. A frame is acknowledged by the
 * viewer, and the next one is built only after that, of what has changed since: one outstanding frame per viewer, the latest state wins,
 * at most four a second. A frame carries windows (rates, depths, percentiles), not messages; the tail carries at most
 * `tailRowsPerFrame` rows and says how many it skipped.
 */
export const liveNamespace = '/live'
export const tailRowsPerFrame = 50
export const logLinesPerFrame = 100
/** Lines of the journal of a run in a frame; what is left comes with the next one. */
export const runLinesPerFrame = 200

/** Rates of nodes and edges are means over so many milliseconds. */
export const rateWindowMs = 5_000

/** What flows through a node or edge. */
export const figures = z.object({
  /** Messages per second, as a mean over `rateWindowMs`: published, taken, settled or written, as the node's kind says. */
  ratePerSecond: z.number(),
  /** Total since the data folder was made. */
  total: z.int(),
  /** Handler runs that failed, per second; over the same time. */
  errorsPerSecond: z.number().optional(),
  /** Attempts after the first, per second; over the same time. */
  retriesPerSecond: z.number().optional(),
  /** Queues: visible, in flight and delayed messages by the broker's count; `delayed` is absent if they wait in retry topics. */
  depth: z.int().optional(),
  inFlight: z.int().optional(),
  delayed: z.int().optional(),
  /** Age of the oldest unsettled message. */
  oldestAgeMs: z.number().optional(),
  /** Consumers: handling time; edges: time to pass. Milliseconds over the last 10 s; null without traffic. */
  p50Ms: z.number().nullable().optional(),
  p95Ms: z.number().nullable().optional(),
  p99Ms: z.number().nullable().optional(),
})
export type Figures = z.infer<typeof figures>

/** Metrics of a process, for the node drawer. */
export const processGauges = z.object({
  instance: z.string(),
  eventLoopLagMs: z.number(),
  rssBytes: z.number(),
  heapUsedBytes: z.number(),
  cpu: z.number(),
  inHand: z.int(),
})

export const serviceStatus = z.object({
  name: z.string(),
  /** Whether its sidecar is connected. */
  connected: z.boolean(),
  /** Replicas that it shall have; absent if no such worker is declared. */
  wanted: z.int().optional(),
  /** The sidecar in whose one process it runs beside others; absent if each of its replicas is a process. */
  sharedBy: z.string().optional(),
  /** Why its sidecar cannot do what is wanted of it, for a person. */
  problem: z.string().optional(),
  replicas: z.array(replicaStatus),
  links: z.array(linkStatus),
  gauges: z.array(processGauges),
  /** Where `/metrics` of its sidecar answers, `host:port`. */
  metricsAddress: z.string().optional(),
})
export type ServiceStatus = z.infer<typeof serviceStatus>

/** One second of the whole lab, for charts. `at` is the end of the second, epoch milliseconds. */
export const chartPoint = z.object({
  at: z.number(),
  published: z.number(),
  /** Settled per second, by group. */
  delivered: z.record(z.string(), z.number()),
  /** Attempts after the first per second, by group. */
  retries: z.record(z.string(), z.number()),
  /** Unsettled messages, by group. */
  lag: z.record(z.string(), z.number()),
  /** Publish to effect in milliseconds, by group; by the time of publishing. Null without traffic. */
  p50Ms: z.record(z.string(), z.number().nullable()),
  p99Ms: z.record(z.string(), z.number().nullable()),
})
export type ChartPoint = z.infer<typeof chartPoint>
/** Groups that a point has for a viewer at most: if there are more, the busiest of its second. */
export const chartGroups = 50
/** Points kept and sent in a snapshot: five minutes. */
export const chartPoints = 300
/** Points of a node's sparkline: one minute. */
export const sparkPoints = 60

/** What this viewer looks at; sent whenever it changes. Everything not asked for is not sent. */
export const watch = z.strictObject({
  /** Null: the tail is paused or hidden. */
  tail: messageQuery.omit({ cursor: true, limit: true, from: true, to: true }).partial().nullable(),
  /** Rows on screen that are not settled: the frame carries their changes. */
  rows: z.array(z.string()).max(200),
  /** The message whose journey is open. */
  message: z.string().nullable(),
  /** The service whose log lines are shown. */
  logs: z.string().nullable(),
  /** The run whose journal is followed, and how many of its lines this viewer has already. */
  run: z
    .strictObject({ id: z.string().max(80), after: z.int().min(0) })
    .nullable()
    .default(null),
})
export type Watch = z.infer<typeof watch>

export const labInfo = z.object({
  /** Of the declared lab, as its file names it. */
  name: z.string(),
  /** The broker that it runs on. */
  broker: brokerName,
  /** RFC 3339, when this control plane started. */
  startedAt: z.string(),
  version: z.string(),
  /** What is wrong with web itself (the database or the broker does not answer), for a person. */
  problems: z.array(z.string()),
})

export type LabInfo = z.infer<typeof labInfo>

export const frame = z.object({
  seq: z.int(),
  /** Epoch milliseconds by the server's clock. */
  at: z.number(),
  /** Only when its structure changed. */
  topology: topology.optional(),
  /**
   * Whether `states`, `nodes`, `edges`, `services` and the groups of the ledger are all that there are, as in each snapshot. Else they are
   * those that changed since the frame before, which this viewer has acknowledged; what it knows of others stays. Absent: they are all.
   */
  whole: z.boolean().optional(),
  states: z.record(z.string(), nodeState),
  nodes: z.record(z.string(), figures),
  edges: z.record(z.string(), figures),
  services: z.array(serviceStatus),
  /** New points since the last frame. */
  charts: z.array(chartPoint),
  bursts: z.array(burst),
  /** Only when it changed. */
  broker: labBroker.optional(),
  /** Offsets and lag by partition, and who reads them; empty on a broker without partitions. */
  partitions: z.array(partitionFigures),
  members: z.array(groupMember),
  ledger: ledgerSummary,
  /** Of the declared flows, by name; empty if the lab declares none. */
  flows: z.array(flowFigures),
  tail: z.object({ rows: z.array(messageRow), skipped: z.int() }).optional(),
  rows: z.array(messageRow).optional(),
  message: journey.optional(),
  logs: z.object({ service: z.string(), lines: z.array(logRecord), skipped: z.int() }).optional(),
  /** New lines of the journal that is followed, each as the journal has it; `from` is the number of the first one, counted from 0. */
  run: z.object({ id: z.string(), from: z.int(), lines: z.array(z.string()) }).optional(),
  /** The scenario that is run now. */
  underWay: runUnderWay.nullable(),
  /** Faults in effect, and those that ended within the time of the charts; newest first. */
  faults: z.array(fault),
  /** New entries of the event log since the last frame, oldest first; in a snapshot the newest ones. */
  events: z.array(eventLogEntry),
  problems: z.array(z.string()),
})
export type LiveFrame = z.infer<typeof frame>

export const snapshot = frame.extend({
  topology,
  broker: labBroker,
  lab: labInfo,
  /** The last minute of each node's rate (queues: depth), oldest first, one point a second. */
  sparks: z.record(z.string(), z.array(z.number())),
})
export type Snapshot = z.infer<typeof snapshot>

export interface ServerToViewerEvents {
  snapshot: (snapshot: Snapshot) => void
  frame: (frame: LiveFrame, done: () => void) => void
}

export interface ViewerToServerEvents {
  watch: (watch: Watch) => void
  resync: () => void
}
