import { z } from 'zod'
import { retryPolicy } from './brokers/retry-policy.ts'
import { builtinWorkerNames } from './builtin-workers.ts'
import { effectKind } from './effects/effect-kind.ts'
import { eventTypeDefinition, eventTypeName } from './events/event-type.ts'

/** A name of a service: it names its consumer group, queue and dead-letter queue, and with `-1` its first replica. */
export const serviceName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'must be lower-case letters, digits and -, start with a letter, and have at most 40 characters',
  )

/** Bounds of the times that a lab declares, in milliseconds. */
export const labTimes = {
  sendDelay: { min: 0, max: 3_600_000 },
  readyWithin: { min: 100, max: 600_000 },
  /** As long as an attempt may take. */
  work: { min: 0, max: 43_200_000 },
  /** A year. */
  flowWithin: { min: 1, max: 31_536_000_000 },
} as const

/**
 * What a simulated service sends after it handled an event. `chance` is 0–1; chances of one service that add up to at most 1 exclude each
 * other, as the outcomes of one decision do. `delayMs` runs from the end of its work, while the event is still in flight. `data` is a template with
 * `{{data.field}}`.
 */
export const simulatedSend = z.strictObject({
  chance: z.number().min(0).max(1),
  delayMs: z.int().min(labTimes.sendDelay.min).max(labTimes.sendDelay.max),
  data: z.record(z.string(), z.unknown()),
})

const workMs = z.number().min(labTimes.work.min).max(labTimes.work.max)

/** The kinds of `serviceBody`. */
export const serviceBodyKind = z.enum(['source', 'builtin', 'program', 'url', 'simulated'])

/**
 * What a service is made of.
 * `source`: receives nothing; the publish form and bursts speak through it. `builtin`: a worker of the lab itself. `program`: a command
 * that the lab starts once a replica. `url`: a program that runs elsewhere; the lab only calls it. `simulated`: the lab acts for it.
 */
export const serviceBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('source') }),
  z.strictObject({
    kind: z.literal('builtin'),
    worker: z.enum(builtinWorkerNames),
    /** Absent: it has no effect that the lab can see. */
    effect: effectKind.optional(),
    /** Data of the events that it sends after its effect, by type: templates with `{{data.field}}`. Absent: it sends none by itself. */
    sends: z.record(eventTypeName, z.record(z.string(), z.unknown())).optional(),
  }),
  z.strictObject({
    kind: z.literal('program'),
    command: z.array(z.string().min(1).max(4_096)).min(1).max(100),
    /** Absolute. */
    directory: z.string(),
    /** A value `$NAME` is read from the environment of the lab when the program starts. */
    env: z.record(z.string(), z.string()),
    /** Path that answers 2xx once it is ready. Absent: ready when its port is open. */
    ready: z.string().startsWith('/').optional(),
    /** Milliseconds until it has to be ready; then it is restarted. */
    readyWithinMs: z.int().min(labTimes.readyWithin.min).max(labTimes.readyWithin.max),
  }),
  z.strictObject({ kind: z.literal('url'), url: z.string() }),
  z.strictObject({
    kind: z.literal('simulated'),
    /** Log-normal by its median and 99th percentile, or a fixed time; milliseconds. */
    work: z.union([z.strictObject({ p50Ms: workMs, p99Ms: workMs }), z.strictObject({ fixedMs: workMs })]),
    /** `share`: 0 to 1, of all attempts. */
    fails: z.strictObject({ share: z.number().min(0).max(1), errorType: z.string().min(1).max(200) }),
    sends: z.record(eventTypeName, simulatedSend),
    seed: z.int().min(0),
    /** It runs in the one process of all simulated services that say so. Absent: each replica is a process. */
    shared: z.literal(true).optional(),
  }),
])
export type ServiceBody = z.infer<typeof serviceBody>

/** How the audit looks for the effect of a service that is not the lab's own. Absent: what it says of itself is reported, not verified. */
export const effectCheck = z.union([
  /** A query on the lab's database with `$1` for the id of the event; a row means that the effect was made. */
  z.strictObject({ sql: z.string().min(1).max(4_000) }),
  /** `{id}` in it is the id of the event; 2xx means that the effect was made, 404 that it was not. */
  z.strictObject({ http: z.string().min(1).max(2_000) }),
])

export type EffectCheck = z.infer<typeof effectCheck>

export const serviceDeclaration = z.strictObject({
  name: serviceName,
  replicas: z.int().min(1).max(16),
  /** Event types that it subscribes to until a user changes the subscription. Empty: it has no queue. */
  receives: z.array(eventTypeName),
  /** Event types that it publishes. Others that it publishes are shown as undeclared. */
  sends: z.array(eventTypeName),
  body: serviceBody,
  /** Whether it promises a single effect for a message that is delivered twice. */
  idempotent: z.boolean(),
  /** What differs from the default retry policy. */
  retry: retryPolicy.partial().optional(),
  /** Requests in flight at a time for each replica. */
  concurrency: z.int().min(1).max(64),
  check: effectCheck.optional(),
})
export type ServiceDeclaration = z.infer<typeof serviceDeclaration>

/** A flow begins with an event of one type and ends with one of several; all events between are caused by the first. */
export const flowDeclaration = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  starts: eventTypeName,
  ends: z.array(eventTypeName).min(1),
  withinMs: z.int().min(labTimes.flowWithin.min).max(labTimes.flowWithin.max),
})
export type FlowDeclaration = z.infer<typeof flowDeclaration>

/** The declared lab: what a lab file says, with every reference resolved, before any of it runs. */
export const labDeclaration = z.strictObject({
  name: z.string().min(1).max(64),
  /** Absolute path of the file that it was read from. */
  file: z.string(),
  events: z.array(eventTypeDefinition),
  services: z.array(serviceDeclaration).min(1),
  flows: z.array(flowDeclaration),
  /** Events that may follow one another from cause to effect; the next one is dead-lettered as `expired`. */
  hopLimit: z.int().min(1).max(1_000),
})
export type LabDeclaration = z.infer<typeof labDeclaration>
