import { z } from 'zod'
import { anomalyNames } from '../api/ledger.ts'
import { checkValues, runCheck, runFault, runPhase, runSample, runState } from '../api/run.ts'
import { brokerName } from '../brokers/broker-name.ts'
import { storyLines } from './story-line.ts'

/** Milliseconds into the run. */
const t = z.number()

/** The first line: everything that the run is going to do, and what it does it to. */
const runLine = z.object({
  ...{
    kind: z.literal('run'),
    t,
    format: z.literal(1),
    id: z.string(),
    name: z.string(),
    title: z.string().optional(),
  },
  ...{ seed: z.int(), broker: brokerName, lab: z.string().optional() },
  startedAt: z.string(),
  endsBy: z.string(),
  versions: z.object({ faultline: z.string(), node: z.string() }),
  /** The text of the file. */
  scenario: z.string(),
  plan: z.object({ phases: z.array(runPhase), faults: z.array(runFault), checks: z.array(runCheck) }),
})

/** What the audit at the end found, as far as a verdict hangs on it. Counts are those since the run began. */
const auditLine = z.object({
  ...{ kind: z.literal('audit'), t, drained: z.boolean() },
  /** Anomalies that break at-least-once. */
  failing: z.partialRecord(z.enum(anomalyNames), z.int()),
  /** Effects that were made a second time, by group. */
  secondEffects: z.record(z.string(), z.int()),
  /** Why the ledger or the witnesses leave it open. */
  doubts: z.array(z.string()),
  /** Witnesses that contradict each other. */
  contradictions: z.array(z.string()),
  /** Invariants whose sums do not add up. */
  breaches: z.array(z.string()),
})
export type AuditLine = z.infer<typeof auditLine>

/** One line of the journal of a run, JSON Lines. The lines alone say what the verdict is. */
export const journalLine = z.discriminatedUnion('kind', [
  runLine,
  z.object({ kind: z.literal('state'), t, state: runState }),
  z.object({
    ...{ kind: z.literal('phase'), t, name: z.string(), edge: z.enum(['begin', 'end']) },
    detail: z.string().optional(),
  }),
  runFault.omit({ type: true, target: true, phase: true }).extend({ kind: z.literal('fault'), t }),
  z.object({ kind: z.literal('step'), t, id: z.string(), detail: z.string(), failed: z.boolean() }),
  runSample.extend({ kind: z.literal('sample') }),
  /** Figures of a check. `last`: there will be no others, so that what does not hold now has failed. */
  z.object({
    ...{ kind: z.literal('check'), t, id: z.string(), values: checkValues, last: z.boolean() },
    /** Milliseconds by which the time of the check was over when it was looked at: such figures decide nothing. */
    lateMs: z.number().optional(),
  }),
  auditLine,
  /** All messages that were due, with the SHA-256 of their contents in that order. */
  z.object({ kind: z.literal('events'), t, count: z.int(), digest: z.string() }),
  /** Why the phases ended before their time. `aborted` names the check. */
  z.object({
    ...{ kind: z.literal('cut'), t, why: z.enum(['stopped', 'aborted', 'not_steady', 'lab_ended', 'error']) },
    reason: z.string(),
  }),
  z.object({ kind: z.literal('note'), t, text: z.string() }),
  ...storyLines,
  z.object({ kind: z.literal('end'), t, at: z.string() }),
])
export type JournalLine = z.infer<typeof journalLine>
export type RunLine = z.infer<typeof runLine>
export type LineOf<Kind extends JournalLine['kind']> = Extract<JournalLine, { kind: Kind }>

/** A line before its time is known. */
export type LineWithoutTime = JournalLine extends infer Line
  ? Line extends JournalLine
    ? Omit<Line, 't'> & { t?: number }
    : never
  : never
