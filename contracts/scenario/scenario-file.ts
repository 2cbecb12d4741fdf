import { z } from 'zod'
import { comparison, phaseUntil } from '../api/run.ts'
import { brokerName } from '../brokers/broker-name.ts'
import { retryPolicy } from '../brokers/retry-policy.ts'
import { eventTypeInput, eventTypeName } from '../events/event-type.ts'
import { direction } from '../faults/define-fault.ts'
import { faultTarget } from '../faults/fault.ts'
import { duration, percent } from './values.ts'

/** The scenario file, `faultline/v1`. What one field alone cannot say is checked by `check-scenario.ts`. */

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is not a name; use lower-case letters, digits and -, at most 64 characters')
const id = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'is not an id; use letters, digits, -, _ and dots, at most 64 characters')

const rate = z
  .number()
  .gt(0, 'is not a rate; write more than 0 messages a second, or leave arrivalRate out for a pause')
  .max(20_000, 'is too much for one run; write at most 20000 messages a second')
  .meta({ description: 'Messages a second. They come at their times, whatever became of those before them.' })

/** How the messages of a phase are spread over the values of their key field. */
export const keyChoice = z.strictObject({
  distribution: z.enum(['uniform', 'zipf', 'hot']).default('uniform'),
  count: z.int().min(1).max(1_000_000).meta({ description: 'Number of distinct keys.' }),
  exponent: z.number().gt(0).max(5).optional().meta({ description: 'Of zipf. Default 1.' }),
  hotShare: percent.optional().meta({ description: 'Of hot: the share of the one hot key. Default 50%.' }),
})
export type KeyChoice = z.output<typeof keyChoice>

/** Contents of the messages of a type; strings may hold `{{uuid}}`, `{{int 1 100}}` and other generators. */
const eventContents = z.strictObject({
  data: z.record(z.string(), z.unknown()).optional(),
  keys: keyChoice.optional(),
})

const phase = z.strictObject({
  name,
  duration: duration.optional(),
  until: phaseUntil.optional().meta({
    description:
      'drained: lasts until nothing is unsettled. observed: lasts, after its `duration`, until each of its faults was seen to take effect and each `once` check of it has held.',
  }),
  timeout: duration.optional().meta({ description: 'Of `until`: how long it may wait. Default 60s.' }),
  arrivalRate: rate.optional(),
  rampTo: rate.optional().meta({ description: 'The rate goes evenly from `arrivalRate` to this one.' }),
  spike: z.strictObject({ to: rate, at: duration, for: duration }).optional(),
  arrivals: z.enum(['constant', 'poisson']).optional().meta({ description: 'Default constant.' }),
  type: eventTypeName.optional(),
  types: z
    .record(eventTypeName, z.number().gt(0, 'is no weight; write a number above 0').max(1_000_000))
    .optional()
    .meta({ description: 'Event types with their weights.' }),
  ...eventContents.shape,
})
export type PhaseFile = z.output<typeof phase>

const faultStep = z.strictObject({
  id,
  type: z.string().meta({ description: 'A fault of the catalogue.' }),
  target: faultTarget.optional(),
  phase: name,
  startAt: duration.default(0).meta({ description: 'After the begin of the phase. Default 0s.' }),
  duration: duration.optional().meta({ description: 'Default: what its params say, else until the phase ends.' }),
  through: name
    .optional()
    .meta({ description: 'The phase with which it ends at the latest, this one or a later one.' }),
  direction: direction.optional(),
  percent: percent.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
})
export type FaultFile = z.output<typeof faultStep>

/** A retry policy whose intervals are durations. What is left out stays as it is. */
const policy = retryPolicy
  .omit({ initialIntervalMs: true, maximumIntervalMs: true, attemptTimeoutMs: true })
  .extend({ initialInterval: duration, maximumInterval: duration, attemptTimeout: duration })
  .partial()
export type PolicyFile = z.output<typeof policy>

const step = z.strictObject({
  id: id.optional(),
  phase: name,
  startAt: duration.default(0),
  retryPolicy: policy.optional(),
  consumer: z.string().optional().meta({ description: 'Of `retryPolicy`: whose. Default: every consumer.' }),
  replicas: z.record(z.string(), z.int().min(1).max(16)).optional(),
  subscribe: z
    .record(z.string(), z.array(eventTypeName).min(1))
    .optional()
    .meta({ description: 'Event types that a consumer takes beside those that it takes already.' }),
  eventType: eventTypeInput.optional().meta({ description: 'An event type that is made now.' }),
  redrive: z
    .strictObject({ group: z.string().optional(), ratePerSecond: z.number().gt(0).max(10_000).optional() })
    .optional()
    .meta({ description: 'Sends the dead letters of a group, or of all, back to it.' }),
  broker: brokerName.optional().meta({
    description: 'The broker to which the lab is switched. No message is taken meanwhile, so its phase sends none.',
  }),
  abandon: z
    .boolean()
    .optional()
    .meta({ description: 'Of `broker`: does not wait for what is unsettled; it stays behind on the former broker.' }),
  timeout: duration.optional().meta({ description: 'Of `broker`: how long the switch may take. Default 3m.' }),
})
export type StepFile = z.output<typeof step>

const condition = {
  id: id.optional(),
  metric: z.string(),
  group: z.string().optional().meta({ description: 'A consumer group, or `*`: each of them. Default: each.' }),
  service: z.string().optional(),
  flow: z.string().optional().meta({ description: 'A flow of the lab file, or `*`: each of them. Default: each.' }),
  end: z.string().optional().meta({ description: 'Of `flow.ended`: only flows that ended by this event.' }),
  op: comparison,
  value: z.union([z.number(), z.string()]).meta({ description: 'A number, or a duration for latencies.' }),
}

const steady = z.strictObject({ ...condition, within: duration.optional().meta({ description: 'Default 10s.' }) })
const assertion = z.strictObject({
  ...condition,
  at: z
    .enum(['end', 'always', 'once'])
    .optional()
    .meta({ description: 'After the drain, at every look, or at one look at least. Default end.' }),
  phase: name.optional().meta({ description: 'Of `always` and `once`: only while this phase lasts.' }),
  after: id.optional().meta({ description: 'The fault after whose end it has to hold `within` a time.' }),
  within: duration.optional(),
})
const abort = z.strictObject(condition)
export type SteadyFile = z.output<typeof steady>
export type AssertionFile = z.output<typeof assertion>
export type AbortFile = z.output<typeof abort>

const brokerChoice = z.union([z.enum(['any', ...brokerName.options]), z.array(brokerName).min(1)])

/** The parts of the file, each read by itself so that a mistake in one hides none in another. */
export const scenarioParts = {
  apiVersion: z.literal('faultline/v1'),
  kind: z.literal('Scenario'),
  metadata: z.strictObject({
    name,
    title: z.string().max(200).optional(),
    description: z.string().max(4_000).optional(),
    tags: z.array(name).max(20).optional(),
  }),
  lab: z.string().min(1).max(64).optional().meta({ description: 'Name of the lab that it needs. Default: any.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  broker: brokerChoice.default('any'),
  retryPolicy: policy.optional().meta({ description: 'Of every consumer, while the scenario runs.' }),
  events: z.record(eventTypeName, eventContents).default({}),
  steadyState: z.array(steady).max(100).default([]),
  phases: z.array(phase).min(1, 'holds no phase; add one').max(100),
  faults: z.array(faultStep).max(200).default([]),
  steps: z.array(step).max(200).default([]),
  invariants: z.array(z.string()).max(50).default([]),
  assertions: z.array(assertion).max(200).default([]),
  abortOn: z.array(abort).max(100).default([]),
  rollback: z.literal('always').default('always'),
}

export const scenarioFile = z.strictObject(scenarioParts)
/** A scenario as its file has it, durations in milliseconds, defaults filled in. */
export type ScenarioFile = z.output<typeof scenarioFile>
