import type { AnomalyName, LedgerReport, LedgerVerdict } from '#contracts/api/ledger.ts'
import { type ForeignEffects, foreignNotes } from './foreign-effects.ts'

export interface FlowEvidence {
  /** Flows within their time. */
  open: number
  /** Past their time, of which something is unsettled or was not judged yet. */
  undecided: number
  /** The first flows of an anomaly and the last event of each, in words. */
  examples: Partial<Record<AnomalyName, readonly string[]>>
  /** Lines about flows whose states do not add up. */
  breaches: readonly string[]
}

/** Everything that a verdict hangs on. */
export interface VerdictEvidence {
  /** Anomalies that break at-least-once. */
  failing: readonly { name: AnomalyName; count: number }[]
  invariants: LedgerReport['invariants']
  attempted: number
  open: number
  indeterminate: number
  waiting: number
  handling: number
  retrying: number
  /** Suspicions that wait for the watermark. */
  pending: number
  /** Frames that never came, and sidecars that ended without handing over theirs, by service. */
  missing: ReadonlyMap<string, number>
  cutOff: ReadonlyMap<string, number>
  dropped: readonly { service: string; count: number }[]
  /** Records that were reported twice, by instance. */
  repeated: ReadonlyMap<string, number>
  /** Obligations that only another witness has as settled, by group. */
  unreported: ReadonlyMap<string, number>
  /** Records that were invalid. */
  refused: number
  /** Absent if no flow is declared. */
  flows?: FlowEvidence | undefined
  /** Services whose sidecar is away. */
  silent: readonly string[]
  /** Dead letters that are there. Default 0. */
  deadLetters?: number
  /** Dead letters of messages that no producer of the lab published. Default 0. */
  unowedLetters?: number
  /** Effects that were made a second time where no single one is promised. Default 0. */
  secondEffects?: number
  /** Effects of services that are not the lab's own. Default none. */
  foreign?: readonly ForeignEffects[]
  /** Epoch milliseconds: when an audit last compared the witnesses, and until when one made up for a gap of telemetry. */
  auditedAt?: number | undefined
  vouchesSince?: number | undefined
}

/**
 * `fail` where at-least-once is provably broken, `inconclusive` while anything is not known, else `pass`. Nothing that was
 * not looked at passes: a lab that published nothing has proved nothing.
 */
export function verdictOf(evidence: VerdictEvidence): LedgerVerdict {
  const failures = evidence.failing.map(({ name, count }) => {
    const examples = evidence.flows?.examples[name] ?? []
    return examples.length === 0 ? `${name}: ${count}` : `${name}: ${count} (${examples.join('; ')})`
  })
  const doubts = doubtsOf(evidence)
  const beside = besideOf(evidence)
  if (failures.length > 0) return { result: 'fail', reasons: [...failures, ...doubts], ...beside }
  return doubts.length > 0
    ? { result: 'inconclusive', reasons: doubts, ...beside }
    : { result: 'pass', reasons: [], ...beside }
}

/** What the result does not hang on. */
function besideOf(evidence: VerdictEvidence): Omit<LedgerVerdict, 'result' | 'reasons'> {
  const { deadLetters = 0, unowedLetters = 0, secondEffects = 0, foreign = [], auditedAt, vouchesSince } = evidence
  const notes = [
    ...(deadLetters > 0 ? [`${counted(deadLetters, 'dead letter')} not delivered: kept, and to be redriven`] : []),
    ...(unowedLetters > 0
      ? [
          `${counted(unowedLetters, 'more dead letter')} published by nobody in the lab: owed to no group, and not counted here`,
        ]
      : []),
    ...(secondEffects > 0
      ? [`${counted(secondEffects, 'effect')} made a second time, where the consumer cannot promise a single one`]
      : []),
    ...foreignNotes(foreign),
  ]
  return {
    ...(notes.length > 0 ? { notes } : {}),
    ...(auditedAt === undefined ? {} : { auditedAt: new Date(auditedAt).toISOString() }),
    ...(vouchesSince === undefined ? {} : { vouchesSince: new Date(vouchesSince).toISOString() }),
  }
}

const counted = (count: number, what: string): string => (count === 1 ? `1 ${what} was` : `${count} ${what}s were`)

function doubtsOf(evidence: VerdictEvidence): string[] {
  const { open, indeterminate, waiting, handling, retrying, pending, missing, cutOff, dropped, repeated } = evidence
  const doubts: string[] = []
  const say = (holds: boolean, reason: () => string): void => {
    if (holds) doubts.push(reason())
  }
  for (const { invariant, holds, breaches } of evidence.invariants) {
    say(
      !holds && invariant.endsWith('add up'),
      () => `the books do not balance: ${invariant} is broken (${breaches[0]})`,
    )
  }
  for (const [service, frames] of missing) doubts.push(`telemetry gap: ${frames} frames of ${service} never came`)
  for (const [service] of cutOff) {
    doubts.push(`telemetry gap: a sidecar of ${service} ended without handing over what it had`)
  }
  for (const { service, count } of dropped) doubts.push(`dropped frames: ${service} had to drop ${count}`)
  for (const [instance, records] of repeated) doubts.push(`${instance} reported ${records} records twice`)
  for (const [group, count] of evidence.unreported) {
    doubts.push(`telemetry gap: ${count} obligations of ${group} were settled, and telemetry never reported it`)
  }
  say(evidence.refused > 0, () => `${evidence.refused} telemetry records were invalid`)
  const backlog = waiting + handling + retrying
  say(backlog > 0, () => `backlog not drained: ${backlog} obligations are not settled`)
  say(open > 0, () => `${open} publishes are not answered yet`)
  say(indeterminate > 0, () => `${indeterminate} publishes are indeterminate; an audit of a drained lab resolves them`)
  const { open: openFlows = 0, undecided = 0 } = evidence.flows ?? {}
  say(openFlows > 0, () => `${openFlows} flows have not ended yet, and their time is not over`)
  say(undecided > 0, () => `${undecided} flows are overdue, and something of them is not settled or not judged yet`)
  say(pending > 0, () => `${pending} suspicions wait until every source has reported past them`)
  for (const service of evidence.silent)
    doubts.push(`the sidecar of ${service} is away; what it has to report is not known`)
  say(evidence.attempted === 0, () => 'nothing was published yet')
  return doubts
}
