import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { type faultOrders, heldFaultStatus } from '../faults/held-fault.ts'
import { serviceBody, serviceName } from '../lab-declaration.ts'
import { type commandReply, workerCommand, workerConfig } from './worker.ts'

/**
 * Between a sidecar and the control plane: Socket.IO, namespace `/agents`, `auth: {token, service, sidecarId}`.
 * Both directions are parsed with these schemas. A sidecar reconnects for ever and resends what was not acknowledged.
 */
export const agentNamespace = '/agents'

export const agentAuth = z.object({
  /** `FAULTLINE_AGENT_TOKEN`, a secret that the supervisor makes at each start. */
  token: z.string(),
  /** `producer`, `consumer-db`, … */
  service: z.string(),
  /** New at each start of the sidecar. */
  sidecarId: z.string(),
})

/**
 * State of a replica as its sidecar sees it.
 * starting → up → (restarting → starting) | stopping → stopped. `backoff` while a restart is held back. `paused` while a
 * fault holds its process still, `killed` while one keeps it from starting.
 */
export const replicaStatus = z.object({
  /** `consumer-db-1`. */
  instance: z.string(),
  pid: z.int().nullable(),
  /** The broker that it was started for. */
  broker: brokerName,
  state: z.enum(['starting', 'waiting-for-broker', 'up', 'backoff', 'paused', 'killed', 'stopping', 'stopped']),
  /** Starts that followed an end which nobody asked for; counted again when it moves to another broker. */
  restarts: z.int(),
  /** Epoch milliseconds of the last change of state. */
  since: z.number(),
  /** One sentence for a person: why it restarts, what it waits for. */
  detail: z.string().optional(),
  /** While nobody takes connections where it delivers, `detail` says why: since when, and when it is tried again. Epoch milliseconds. */
  away: z.object({ since: z.number(), nextTryAt: z.number() }).optional(),
  /** While `backoff`: epoch milliseconds of the next start. */
  nextStartAt: z.number().optional(),
})
export type ReplicaStatus = z.infer<typeof replicaStatus>

/** A link of a worker that runs through the sidecar's proxy. */
export const linkStatus = z.object({
  /** `consumer-db->broker`, `consumer-db->database`, `consumer-email->smtp`. */
  id: z.string(),
  /** Where the proxy connects to, `host:port`; with commas between those of a cluster. */
  upstream: z.string(),
  connections: z.int(),
  bytesUp: z.number(),
  bytesDown: z.number(),
})
export type LinkStatus = z.infer<typeof linkStatus>

/** A service that shares the process of its sidecar, as the sidecar sees it. */
export const hostedStatus = z.object({
  service: z.string(),
  replicas: z.array(replicaStatus),
  faults: z.array(heldFaultStatus),
})
export type HostedStatus = z.infer<typeof hostedStatus>

/** sidecar → web `status`: at connect, at every change and once a second; the latest one wins. */
export const agentStatus = z.object({
  service: z.string(),
  pid: z.int(),
  replicas: z.array(replicaStatus),
  links: z.array(linkStatus),
  /** Faults that it holds, and those that ended since the control plane's last list. */
  faults: z.array(heldFaultStatus),
  /** Telemetry frames dropped since the start because the buffer was full. Not 0: figures have a gap. */
  droppedFrames: z.int(),
  /** Why it cannot do what the last `configure` wants, for a person; what ran before runs on. */
  problem: z.string().optional(),
  /** Where its `/metrics` and `/healthz` answer, `host:port`. */
  metricsAddress: z.string().max(300).optional(),
  /** Of a sidecar whose process hosts several services: those that changed since its last status on this connection, all in the first. */
  hosted: z.array(hostedStatus).optional(),
})
export type AgentStatus = z.infer<typeof agentStatus>

/**
 * sidecar → web `telemetry` (acknowledged). `source` is the instance, or `<service>.sidecar` for what the sidecar
 * itself reports; `incarnation` is new at each start of that process; `seq` is dense from 1 within it.
 * `body` is the worker's frame body, unchanged: JSON of `telemetryRecords`.
 */
export const telemetryFrame = z.object({
  source: z.string(),
  incarnation: z.string(),
  seq: z.int().min(1),
  body: z.instanceof(Uint8Array),
})
export type TelemetryFrame = z.infer<typeof telemetryFrame>

/**
 * Frames as they travel: headers, and all bodies in one piece one after the other. Socket.IO refuses a packet with more
 * than ten binary attachments, so a body of its own per frame would not do. Parsing gives `{frames}` with bodies that
 * are views of `bodies`.
 */
export const telemetryPush = z
  .object({
    headers: z.array(telemetryFrame.omit({ body: true }).extend({ bytes: z.int().min(0) })),
    bodies: z.instanceof(Uint8Array),
    /** Frames that the sidecar still has after these. 0: everything that it had read from its workers is here. */
    left: z.int().min(0).optional(),
  })
  .transform(({ headers, bodies, left }, context) => {
    let offset = 0
    const frames = headers.map(({ bytes, ...header }): TelemetryFrame => {
      const body = bodies.subarray(offset, offset + bytes)
      offset += bytes
      return { ...header, body }
    })
    if (offset !== bodies.length) {
      context.addIssue({ code: 'custom', message: `the headers announce ${offset} bytes, ${bodies.length} came` })
    }
    return { frames, left }
  })

/** The form of frames that travels. */
export function packTelemetry(frames: readonly TelemetryFrame[]): z.input<typeof telemetryPush> {
  const bodies = new Uint8Array(frames.reduce((sum, { body }) => sum + body.length, 0))
  let offset = 0
  const headers = frames.map(({ body, ...header }) => {
    bodies.set(body, offset)
    offset += body.length
    return { ...header, bytes: body.length }
  })
  return { headers, bodies }
}

/** Acknowledgement: frames up to and with `seq` are on the control plane's disk and need not be sent again. */
export const telemetryAck = z.object({ acked: z.array(z.object({ incarnation: z.string(), seq: z.int() })) })
export type TelemetryAck = z.infer<typeof telemetryAck>

/** sidecar → web `epoch` (acknowledged): a new epoch for a producer instance that is about to start. */
export const epochRequest = z.object({ instance: z.string() })
export const epochGrant = z.object({ epoch: z.int().min(1) })
/** sidecar → web `epochs` (acknowledged): the same for many at a time, answered in their order. */
export const epochsRequest = z.object({ instances: z.array(z.string()).max(20_000) })
export const epochsGrant = z.object({ epochs: z.array(z.int().min(1)) })

/** A service that a sidecar hosts in its one process, as it has to run. */
export const hostedService = z.object({
  name: serviceName,
  body: serviceBody,
  concurrency: z.int(),
  hopLimit: z.int(),
  /** Whether services that are not in this process send what it receives. */
  fromOutside: z.boolean(),
})
export type HostedService = z.infer<typeof hostedService>

/**
 * web → sidecar `configure` (acknowledged): everything that a sidecar has to make true, sent as a whole at connect and
 * after every change; the latest one counts. Replicas that run on another broker, or that are too many, are stopped with
 * their grace time, and those that are missing are started. It is kept on disk: a sidecar that starts while web is away
 * goes on with it. The acknowledgement says that workers have their configuration; that replicas have moved is reported by
 * `status`.
 */
export const sidecarConfig = z.object({
  worker: workerConfig,
  broker: brokerName,
  /** Replicas wanted, by service; one that is not named keeps what its environment says. */
  replicas: z.record(z.string(), z.int().min(1).max(16)),
  /** Services that run in the one process of this sidecar. Absent: it is the sidecar of one. */
  hosted: z.array(hostedService).optional(),
})
export type SidecarConfig = z.infer<typeof sidecarConfig>

/** web → sidecar `command` (acknowledged with a reply). No target: any replica that is up; `configure` goes to all. */
export const agentCommand = z.object({ target: z.string().optional(), command: workerCommand })
export type AgentCommand = z.infer<typeof agentCommand>

/** sidecar → web, answer to `faults`: taken, or why not. What became of each fault is in the status. */
export const faultsReply = z.object({ ok: z.boolean(), error: z.string().optional() })
export type FaultsReply = z.infer<typeof faultsReply>

export interface AgentToWebEvents {
  status: (status: AgentStatus) => void
  telemetry: (push: z.input<typeof telemetryPush>, ack: (ack: TelemetryAck) => void) => void
  epoch: (request: z.infer<typeof epochRequest>, ack: (grant: z.infer<typeof epochGrant>) => void) => void
  epochs: (request: z.infer<typeof epochsRequest>, ack: (grant: z.infer<typeof epochsGrant>) => void) => void
}

export interface WebToAgentEvents {
  configure: (config: SidecarConfig, ack: (reply: z.infer<typeof commandReply>) => void) => void
  /** At connect and after every change: all faults that this sidecar has to hold, which replace those that it held. */
  faults: (orders: z.infer<typeof faultOrders>, ack: (reply: FaultsReply) => void) => void
  command: (command: AgentCommand, ack: (reply: z.infer<typeof commandReply>) => void) => void
}
