import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'
import { faultState, faultTarget } from '../faults/fault.ts'
import { fileProblem } from '../yaml-document/file-problem.ts'
import { clause } from './narration.ts'

/** Body of `POST /api/scenarios/runs`. Give `scenario`, the text of a scenario file, or `name`, one that is shipped. */
export const runInput = z.strictObject({
  scenario: z.string().max(1_000_000).optional(),
  name: z.string().max(64).optional(),
  /** Default: that of the file. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  /** Refuses the run where the lab runs on another. */
  broker: brokerName.optional(),
  /** Stops the run if nobody asked for it by GET for so long: who began it is gone. Default: it runs to its end. */
  abandonAfterMs: z.int().min(1_000).max(86_400_000).optional(),
  /** Checks the scenario against this lab and runs nothing. */
  dryRun: z.boolean().optional(),
})
export type RunInput = z.infer<typeof runInput>

/** Answer to a dry run: what is wrong with the scenario, in the order of the file. */
export const scenarioCheck = z.object({ problems: z.array(fileProblem) })

/**
 * starting (what was is written down for the rollback) → steady_state → running → draining → auditing → rolling_back → ended. A run that
 * is stopped or aborted goes to rolling_back from where it is.
 */
export const runState = z.enum(['starting', 'steady_state', 'running', 'draining', 'auditing', 'rolling_back', 'ended'])
export type RunState = z.infer<typeof runState>

export const runVerdict = z.enum(['pass', 'fail', 'inconclusive'])
export type RunVerdict = z.infer<typeof runVerdict>

export const comparison = z.enum(['==', '!=', '<', '<=', '>', '>='])
export type Comparison = z.infer<typeof comparison>

/** What a metric has to be. `value` is in milliseconds for latencies. */
export const condition = z.object({
  metric: z.string(),
  /** Of which group, service or flow; absent: of each, or of the lab. */
  of: z.string().optional(),
  /** Of `flow.ended`: only flows that ended by this event. */
  end: z.string().optional(),
  op: comparison,
  value: z.number(),
})
export type Condition = z.infer<typeof condition>

/** One check of a scenario: what has to hold, and when it is looked at. */
export const runCheck = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('steady'), id: z.string(), title: z.string(), condition, withinMs: z.int() }),
  z.object({ kind: z.literal('invariant'), id: z.string(), title: z.string(), invariant: z.string() }),
  z.object({ kind: z.literal('end'), id: z.string(), title: z.string(), condition }),
  z.object({
    ...{ kind: z.literal('always'), id: z.string(), title: z.string(), condition },
    phase: z.string().optional(),
  }),
  z.object({
    ...{ kind: z.literal('once'), id: z.string(), title: z.string(), condition },
    phase: z.string().optional(),
  }),
  z.object({
    ...{ kind: z.literal('after'), id: z.string(), title: z.string(), condition },
    fault: z.string(),
    withinMs: z.int(),
  }),
  z.object({ kind: z.literal('abort'), id: z.string(), title: z.string(), condition }),
])
export type RunCheck = z.infer<typeof runCheck>

/** Figures by group, service or flow; the empty name is the lab. Null: there is none yet. */
export const checkValues = z.record(z.string(), z.number().nullable())
export type CheckValues = z.infer<typeof checkValues>

/** A check with what it came to. `pending`: it was not decided yet. */
export const checkResult = z.object({
  ...{
    id: z.string(),
    kind: z.enum(['steady', 'invariant', 'end', 'always', 'once', 'after', 'abort']),
    title: z.string(),
  },
  result: z.enum(['pending', 'pass', 'fail', 'inconclusive']),
  values: checkValues,
  /** What was found, for a person. */
  detail: z.string().optional(),
  /** Milliseconds into the run at which it was decided. */
  at: z.number().optional(),
})
export type CheckResult = z.infer<typeof checkResult>

/** A fault of a run. `id` is that of the file, `faultId` that of the lab. Times are milliseconds into the run. */
export const runFault = z.object({
  ...{ id: z.string(), type: z.string(), target: faultTarget.optional(), phase: z.string() },
  faultId: z.string().optional(),
  state: z.union([faultState, z.literal('planned')]),
  injectedAt: z.number().optional(),
  /** When it was first seen to take effect. */
  observedAt: z.number().optional(),
  healedAt: z.number().optional(),
  hits: z.int(),
  reason: z.string().optional(),
})
export type RunFault = z.infer<typeof runFault>

/**
 * What a phase waits for. `drained`: nothing is unsettled. `observed`: each of its faults was seen to take effect, and each check of it
 * that has to hold once has held.
 */
export const phaseUntil = z.enum(['drained', 'observed'])

export const runPhase = z.object({
  name: z.string(),
  /** Absent: it only waits. */
  durationMs: z.number().optional(),
  /** What it waits for once its duration is over. Absent with a `timeoutMs`, in journals of earlier versions: `drained`. */
  until: phaseUntil.optional(),
  /** How long it waits for that. */
  timeoutMs: z.number().optional(),
  /** Messages that it is planned to send. */
  arrivals: z.int(),
  /** Milliseconds into the run. */
  beganAt: z.number().optional(),
  endedAt: z.number().optional(),
  detail: z.string().optional(),
})
export type RunPhase = z.infer<typeof runPhase>

/** Figures of a moment, once a second. `t` is milliseconds into the run. */
export const runSample = z.object({
  t: z.number(),
  /** Messages due by then, handed to the producer, and answered. */
  ...{ due: z.int(), sent: z.int(), acked: z.int(), failed: z.int(), indeterminate: z.int(), refused: z.int() },
  groups: z.record(
    z.string(),
    z.object({
      ...{ lag: z.int(), retrying: z.int(), delivered: z.int(), deadLettered: z.int() },
      p50Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
    }),
  ),
})
export type RunSample = z.infer<typeof runSample>

/** Answer of `GET /api/scenarios/runs/:id`. */
export const run = z.object({
  ...{ id: z.string(), name: z.string(), title: z.string().optional(), state: runState },
  ...{ seed: z.int(), broker: brokerName, lab: z.string().optional(), version: z.string() },
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** The latest time at which it ends, RFC 3339; absent once it has ended. */
  endsBy: z.string().optional(),
  /** Milliseconds since it began, or that it took. */
  elapsedMs: z.number(),
  phases: z.array(runPhase),
  faults: z.array(runFault),
  checks: z.array(checkResult),
  steps: z.array(z.object({ id: z.string(), at: z.number(), detail: z.string(), failed: z.boolean() })),
  /** The newest sample. */
  sample: runSample.optional(),
  /** SHA-256 over the messages in the order in which they were due: equal for equal seeds. */
  eventsDigest: z.string().optional(),
  /** What the rollback could not take back, and other remarks. */
  notes: z.array(z.string()),
  verdict: runVerdict.optional(),
  /** Why the verdict is not `pass`. */
  reasons: z.array(z.string()),
  /** What happened, in the order of time, each sentence with its evidence. */
  narration: z.array(clause).optional(),
})
export type Run = z.infer<typeof run>

/** An item of `GET /api/scenarios/runs`, newest first. */
export const runItem = run.pick({
  ...{ id: true, name: true, state: true, seed: true, broker: true, startedAt: true, endedAt: true },
  ...{ elapsedMs: true, verdict: true, reasons: true },
})
export type RunItem = z.infer<typeof runItem>

/** The run that goes on, as a live frame names it. */
export const runUnderWay = z.object({
  ...{ id: z.string(), name: z.string(), startedAt: z.string() },
  /** The latest time at which it ends, RFC 3339. */
  endsBy: z.string(),
})
export type RunUnderWay = z.infer<typeof runUnderWay>

/** Journals that a lab keeps: the newest of this many runs, and of those as many as have room in this many bytes together. */
export const keptRuns = 200
export const keptJournalBytes = 256 * 1024 * 1024

/** An item of `GET /api/scenarios`. */
export const scenarioItem = z.object({
  ...{ name: z.string(), title: z.string().optional(), description: z.string().optional() },
  tags: z.array(z.string()),
  /** `any`, or the brokers that it is made for. */
  brokers: z.array(z.string()),
  /** Length of its phases with a fixed duration. */
  durationMs: z.number(),
  /** The file; empty if it could not be read. */
  text: z.string(),
  /** Why it cannot be run: the first mistake of its file. Its name is then that of the file. Absent: the file is right. */
  problem: z.string().optional(),
})
export type ScenarioItem = z.infer<typeof scenarioItem>
