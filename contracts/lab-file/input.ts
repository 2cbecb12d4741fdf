import { z } from 'zod'
import { retryMode } from '../brokers/retry-mode.ts'
import { errorTypeName, maxRetryIntervalMs } from '../brokers/retry-policy.ts'
import { builtinWorkerNames } from '../builtin-workers.ts'
import { eventTypeName, rowTable } from '../events/event-type.ts'
import { writeJson } from '../events/exact-json.ts'
import { keepsNumbers } from '../events/exact-numbers.ts'
import { labTimes, serviceName } from '../lab-declaration.ts'
import { durationWithin, percentText } from './quantities.ts'

export const labFileLimits = {
  bytes: 1024 * 1024,
  depth: 64,
  events: 500,
  services: 1_000,
  flows: 100,
} as const

const reference = z.string().min(1).max(4_096)
const typeList = z.array(eventTypeName).max(labFileLimits.events)

/** A whole number within bounds that are said if it is not. */
const whole = (min: number, max: number) =>
  z.int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`)

/** A map from names to values, none of them a number of entries that nobody could look at. */
const mapOf = <Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(key: Key, value: Value, most: number) =>
  z
    .record(key, value)
    .refine((map) => Object.keys(map).length <= most, `has more than ${most} entries, which is the most`)

export const eventInput = z
  .strictObject({
    schema: z
      .union([reference, z.record(z.string(), z.unknown())], { error: 'must be a JSON Schema, or the path of one' })
      .describe(
        'JSON Schema of the data, or the path of a file that holds one, relative to this file; `file#/pointer` names a part of it.',
      ),
    asyncapi: reference.describe(
      'A message of an AsyncAPI document, `file#/components/messages/Name`; its payload is the schema and its first example the example.',
    ),
    version: z.int().min(1).describe('Version of the schema. Default: 1.'),
    topic: eventTypeName.describe('Topic that it is published to. Default: the name of the event.'),
    key: z
      .string()
      .min(1)
      .max(64)
      .describe('Field of the data that is the partition key where the publisher gives none.'),
    example: z
      .union([reference, z.record(z.string(), z.unknown())], {
        error: 'must be the data of an event, or the path of a file with it',
      })
      .describe('Data that is valid by the schema, or the path of a file with it. Default: made of the schema.'),
    email: z
      .strictObject({ subject: z.string().min(1).max(200), text: z.string().min(1).max(20_000) })
      .describe(
        'What `builtin: email` writes; `{{data.field}}` inserts a value of the event. Default: a list of its fields.',
      ),
    table: rowTable.describe(
      'The row that `builtin: database` writes: `columns` by name, each a `data.field` of the event or its `id` or `type`, and which of them is the `key`; the newest event of a key writes its row. Default: the data as it is, in `records`.',
    ),
  })
  .partial()
export type EventInput = z.infer<typeof eventInput>

const retryInterval = durationWithin({ min: 0, max: maxRetryIntervalMs })
const workTime = durationWithin(labTimes.work)

export const retryInput = z
  .strictObject({
    maximumAttempts: whole(1, 100).describe('Attempts in all, the first one included.'),
    initialInterval: retryInterval.describe('Wait before the second attempt.'),
    backoffCoefficient: z.number().min(1).max(100).describe('Factor from one wait to the next.'),
    maximumInterval: retryInterval.describe('Longest wait.'),
    jitter: z.enum(['none', 'full', 'equal']),
    nonRetryableErrorTypes: z.array(errorTypeName).max(100).describe('Error types that become dead letters at once.'),
    attemptTimeout: durationWithin({ min: 1, max: maxRetryIntervalMs }).describe(
      'An attempt that takes longer has failed.',
    ),
    mode: retryMode.describe('Where a message waits for its next attempt.'),
  })
  .partial()
export type RetryInput = z.infer<typeof retryInput>

export const programInput = z.strictObject({
  command: z.array(z.string().min(1).max(4_096)).min(1).max(100).describe('The program and its arguments.'),
  directory: reference.optional().describe('Where it runs, relative to this file. Default: the folder of this file.'),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of a variable'),
      z.union([z.string(), z.number(), z.boolean()]),
    )
    .optional()
    .describe('Variables for it. A value `$NAME` is read from the environment of the lab.'),
  ready: z
    .string()
    .startsWith('/', 'must be a path, such as /healthz')
    .max(1_000)
    .optional()
    .describe('Path that answers 2xx once it is ready. Default: ready when its port is open.'),
  readyWithin: durationWithin(labTimes.readyWithin).optional().describe('Time that it has for that. Default: 10s.'),
})
export type ProgramInput = z.infer<typeof programInput>

const processesInput = z.enum(['own', 'shared'])

export const simulateInput = z
  .strictObject({
    work: z
      .strictObject({ p50: workTime, p99: workTime, fixed: workTime })
      .partial()
      .describe('Time that an event takes: log-normal by `p50` and `p99`, or `fixed`. Default: fixed 10ms.'),
    fails: z
      .union([percentText, z.strictObject({ share: percentText, error: z.string().min(1).max(200) })], {
        error: 'must be a percentage such as 1%, or { share: 1%, error: NameOfTheError }',
      })
      .describe('Share of the attempts that fail, and the type of their error. Default: none; SimulatedFailure.'),
    sends: z
      .record(
        eventTypeName,
        z
          .strictObject({
            chance: percentText.describe('Default: 100%.'),
            delay: durationWithin(labTimes.sendDelay).describe('Default: none.'),
            data: z
              .record(z.string(), z.unknown())
              .refine(
                (data) => keepsNumbers(writeJson(data)),
                'has a number of more digits than a simulated service keeps; write it as text',
              )
              .describe(
                'Data, with `{{data.field}}` of the event that was received. Default: the example of the type.',
              ),
          })
          .partial(),
      )
      .describe('How it sends what it lists under `sends`.'),
    processes: processesInput.describe(
      'own: each replica is a process; shared: it runs in the one process of all that say so. Default: what the lab says under `processes`, else own.',
    ),
    seed: z.int().min(0).describe('Seed of its random numbers. Default: made of its name.'),
  })
  .partial()
export type SimulateInput = z.infer<typeof simulateInput>

export const serviceInput = z
  .strictObject({
    receives: typeList.describe('Events that it takes, all from one queue of its own.'),
    sends: typeList.describe('Events that it publishes.'),
    builtin: z
      .enum(builtinWorkerNames)
      .describe(
        'A worker of the lab itself: `email` sends a mail for each event, `database` writes a row. After that it publishes what it lists under `sends`.',
      ),
    run: programInput.describe('A program that the lab starts once for each replica, and calls over HTTP.'),
    url: z
      .string()
      .min(1)
      .max(4_096)
      .describe(
        'A program that runs elsewhere; the lab only calls it. `$NAME` is read from the environment of the lab.',
      ),
    simulate: simulateInput.describe('The lab does the work in its place.'),
    replicas: whole(1, 16).describe('Default: 1.'),
    idempotent: z
      .boolean()
      .describe(
        'Whether it promises a single effect for an event that is delivered twice. Default: true for a `builtin: database`, else false. It holds for what a service sends as well, but not for what a built-in one sends: that is counted where a crash repeats it.',
      ),
    retry: retryInput.describe('What differs from the default retry policy.'),
    concurrency: whole(1, 64).describe('Events in flight at a time for each replica. Default: 4.'),
    effect: z
      .strictObject({ sql: z.string().min(1).max(4_000), http: z.string().min(1).max(2_000) })
      .partial()
      .describe(
        'How an audit looks for its effect: `sql`, a query with `$1` for the id of the event, or `http`, an address with `{id}`.',
      ),
  })
  .partial()
export type ServiceInput = z.infer<typeof serviceInput>

export const flowInput = z.strictObject({
  starts: eventTypeName,
  ends: z.array(eventTypeName).min(1).max(100),
  within: durationWithin(labTimes.flowWithin).describe('A flow that takes longer is overdue.'),
})
export type FlowInput = z.infer<typeof flowInput>

/** The top level of a lab file, before references and defaults are filled in. */
export const labFileInput = z.strictObject({
  apiVersion: z.literal('faultline/v1'),
  kind: z.literal('Lab'),
  metadata: z.strictObject({ name: serviceName.describe('Name of the lab.') }),
  events: mapOf(eventTypeName, eventInput, labFileLimits.events)
    .optional()
    .describe('Events by name. One that is only named under `sends` may hold any object.'),
  services: mapOf(serviceName, serviceInput, labFileLimits.services).describe(
    'Services by name; the name is that of the queue and of the consumer group too.',
  ),
  flows: mapOf(serviceName, flowInput, labFileLimits.flows)
    .optional()
    .describe('What begins with one event and ends with one of several.'),
  processes: processesInput
    .optional()
    .describe(
      'Default for simulated services: own, a process for each replica, or shared, one process for all. Default: own.',
    ),
  hopLimit: whole(1, 1_000)
    .optional()
    .describe('Events that may follow one another from cause to effect. Default: 32.'),
})
export type LabFileInput = z.infer<typeof labFileInput>
