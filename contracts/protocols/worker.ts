import { z } from 'zod'
import { subscription } from '../brokers/retry-policy.ts'
import { eventTypeDefinition } from '../events/event-type.ts'
import { heldFault } from '../faults/held-fault.ts'
import { errorInfo } from './telemetry.ts'

/**
 * Between a worker and its sidecar, over two pipes.
 *
 * File descriptor 3, worker → sidecar: frames. A frame is a 12-byte header and a body of UTF-8 JSON:
 *   bytes 0–3  length of the body, unsigned, big endian
 *   byte  4    kind: 1 telemetry (an array of records), 2 reply to a command, 3 worker state
 *   bytes 5–7  number of the seat whose frame it is, where the process hosts several services; else zero
 *   bytes 8–11 sequence number of telemetry frames of this process, or seat, from 1; 0 for other kinds
 * Standard input, sidecar → worker: one command a line, as JSON, with `seat` if it is for one of them. Its end means that the sidecar is gone: stop.
 * Standard output: log lines as JSON (pino), one a line. Standard error: what crashed.
 */
export const frameKind = { telemetry: 1, reply: 2, state: 3 } as const
export const frameHeaderBytes = 12
/** A longer frame is refused by both sides: it would be a mistake, not a message. */
export const frameMaxBytes = 32 * 1024 * 1024

/** starting → waiting-for-broker → running → draining; `detail` is one sentence for a person. */
export const workerState = z.object({
  state: z.enum(['starting', 'waiting-for-broker', 'running', 'draining']),
  detail: z.string().optional(),
  /** While nobody takes connections where it delivers: since when, and when it is tried again. Epoch milliseconds. */
  away: z.object({ since: z.number(), nextTryAt: z.number() }).optional(),
  /** Of the program that the worker has started, reported once: what is done to the worker's process is done to this group as well. */
  processGroup: z.int().min(2).optional(),
})
export type WorkerState = z.infer<typeof workerState>

/** Everything a worker has to know that can change while it runs. Sent at start and after every change. */
export const workerConfig = z.object({
  /** Counts up with every change, so that an older one never replaces a newer one. */
  revision: z.int(),
  eventTypes: z.array(eventTypeDefinition),
  subscriptions: z.array(subscription),
})
export type WorkerConfig = z.infer<typeof workerConfig>

export const outgoingEvent = z.object({
  type: z.string(),
  topic: z.string(),
  version: z.int(),
  key: z.string().optional(),
  /** The data as its publisher wrote it, UTF-8 JSON text: it becomes the body of the message unchanged, so that every number keeps its digits. */
  body: z.string(),
  /** Continues the caller's W3C trace; a new one is begun where absent. */
  traceparent: z.string().optional(),
  tracestate: z.string().optional(),
})
export type OutgoingEvent = z.infer<typeof outgoingEvent>

/** Parameters of a burst; the producer makes the messages. */
export const burstPlan = z.object({
  burstId: z.string(),
  type: z.string(),
  topic: z.string(),
  version: z.int(),
  keyField: z.string().optional(),
  schema: z.record(z.string(), z.unknown()),
  /** JSON text of the data. Varied per message: formats uuid and email get new values, the key field one of `keys` values. */
  data: z.string(),
  count: z.int().min(1).optional(),
  durationMs: z.int().min(1).optional(),
  ratePerSecond: z.number().positive(),
  keys: z.int().min(1).optional(),
})
export type BurstPlan = z.infer<typeof burstPlan>

/**
 * What is known of a message that was in flight when a process of its group ended without having been asked to. `attempt`: the last run
 * that certainly was the one that ended it, 0 where several messages were in flight and any of them may have.
 */
export const crashNote = z.object({
  group: z.string(),
  id: z.string(),
  attempt: z.int().min(0),
  /** `SIGKILL`, `code 1`. */
  how: z.string(),
  /**
   * Times that it was given out and that were not an attempt of its own: it was in flight beside what may have ended the process. `after`: the
   * receive count at the last of them, since not every broker counts such a time.
   */
  spared: z.object({ times: z.int().min(1), after: z.int() }).optional(),
  /** A run of it has ended since: it ended no process, and is kept for `spared` alone. */
  cleared: z.boolean().optional(),
})
export type CrashNote = z.infer<typeof crashNote>

/** One replica of a service that shares its process. */
export const seat = z.object({
  /** From 1; never given again within a process. */
  number: z.int().min(1).max(0xffffff),
  service: z.string(),
  instance: z.string(),
  epoch: z.int().min(1),
  /** As `FAULTLINE_BODY`. */
  body: z.string(),
  concurrency: z.int(),
  hopLimit: z.int(),
  /** Whether services that are not in this process send what it receives. */
  fromOutside: z.boolean(),
})
export type Seat = z.infer<typeof seat>

export const workerCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('configure'), config: workerConfig }),
  z.object({ kind: z.literal('publish'), events: z.array(outgoingEvent).min(1) }),
  z.object({ kind: z.literal('burst.start'), plan: burstPlan }),
  z.object({ kind: z.literal('burst.stop'), burstId: z.string() }),
  /** At start and after every change: all faults that this process has to hold, which replace those that it held. */
  z.object({ kind: z.literal('faults'), faults: z.array(heldFault) }),
  /** Before the first configuration and after every change: all notes, which replace those before. */
  z.object({ kind: z.literal('crashes'), crashes: z.array(crashNote) }),
  /** Seats to open beside those that are. */
  z.object({ kind: z.literal('seats.open'), seats: z.array(seat) }),
  /** Seats to close in order; answered when they are. */
  z.object({ kind: z.literal('seats.close'), seats: z.array(z.int()) }),
])
export type WorkerCommand = z.infer<typeof workerCommand>

/** One command of the sidecar, a line of JSON on the worker's standard input. */
export const commandLine = z.object({ id: z.int(), seat: z.int().optional(), command: workerCommand })

export const publishResult = z.object({
  id: z.string(),
  state: z.enum(['acked', 'failed', 'indeterminate']),
  ref: z.string().optional(),
  error: errorInfo.optional(),
})
export type PublishResult = z.infer<typeof publishResult>

/** Answer to a command: `configure`, `burst.*`, `faults`, `crashes` answer `{}`; `publish` answers one result per event, in order. */
export const commandReply = z.discriminatedUnion('ok', [
  z.object({ id: z.int(), ok: z.literal(true), results: z.array(publishResult).optional() }),
  z.object({ id: z.int(), ok: z.literal(false), error: errorInfo }),
])
export type CommandReply = z.infer<typeof commandReply>
