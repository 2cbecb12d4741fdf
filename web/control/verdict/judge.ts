import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { isCaused } from '../journeys/apply/emissions.ts'
import { isSettled, obligationOf, toMs } from '../journeys/journey-record.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import type { Coverage } from '../ledger/coverage.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Suspicion, suspicionKey } from '../ledger/suspicions.ts'
import { isUnheard } from './commit-watch.ts'
import { isStillOpen } from './queue-watch.ts'

/** Of a service that no sidecar ever spoke for nothing more is to come after this, in milliseconds. */
const unknownServiceMs = 5_000
/** Verdicts of one look at most: the rest follows with the next. */
const judgedAtOnce = 5_000

/**
 * Judges suspicions that nothing can explain any more: every source that could has reported past them. Those of a service
 * whose telemetry has a gap stay suspicions. Answers what is to be entered.
 */
export function judge(context: ApplyContext, coverage: Coverage): Resolution[] {
  const { suspicions, ledger, traces } = context
  const now = context.now()
  const coveredAt = (suspicion: Suspicion): number | undefined => {
    if (suspicion.kind === 'double') return coverage.oldest()
    const service = serviceThatKnows(context, suspicion)
    if (context.hasGap(service)) return undefined
    return coverage.knows(service) ? coverage.of(service) : now - unknownServiceMs
  }
  const decided: Resolution[] = []
  for (const suspicion of suspicions.ripe(coveredAt)) {
    if (decided.length >= judgedAtOnce) break
    if (ledger.excused.has(suspicionKey(suspicion.kind, suspicion.id, suspicion.group))) {
      suspicions.drop(suspicion)
      continue
    }
    const { kind, id, group } = suspicion
    const found = ledger.find(id)
    if (kind === 'unsent') {
      suspicions.drop(suspicion)
      if (isNameMissing(ledger, id)) decided.push({ what: 'unsent', id, at: suspicion.since })
      continue
    }
    if (!found) continue
    const { sequence, seq } = found
    if ((kind === 'lost' || kind === 'gone') && isInHand(context, id, group)) continue
    suspicions.drop(suspicion)
    if (kind === 'phantom') {
      if (!ledger.wasAttempted(sequence, seq)) decided.push({ what: 'phantom', id, at: suspicion.since })
    } else if (kind === 'double') {
      if (ledger.stateOf(sequence, seq, group) === 'both')
        decided.push({ what: 'double', id, group, at: suspicion.since })
    } else if (kind === 'passed') {
      const journey = traces.get(sequence, seq)
      if (journey && isUnheard(journey, group)) decided.push({ what: 'passed', id, group, at: suspicion.since })
    } else if (kind === 'uncaused') {
      const journey = traces.get(sequence, seq)
      const cause = journey && wholeOf(journey).chained?.cause
      if (cause && !isCaused(context, journey, cause))
        decided.push({ what: 'uncaused', id, group, at: suspicion.since })
    } else if (kind === 'gone') {
      const journey = traces.get(sequence, seq)
      if (journey && isStillOpen(journey, group)) decided.push({ what: 'lost', id, group, at: suspicion.since })
    } else decided.push({ what: 'lost', id, group, at: suspicion.since })
  }
  return decided
}

/** Whether nobody ever spoke of a message. One that a consumer speaks of was sent: that is a phantom. */
export function isNameMissing(ledger: Ledger, id: string): boolean {
  const found = ledger.find(id)
  if (!found) return true
  const { sequence, seq } = found
  return !sequence.unsent.has(seq) && !ledger.wasAttempted(sequence, seq) && !sequence.isSpokenOf(seq)
}

/** Whose telemetry could still explain it: the producer of a message, the workers of a group. */
function serviceThatKnows(context: ApplyContext, { kind, id, group }: Suspicion): string {
  return kind === 'phantom' || kind === 'unsent'
    ? context.serviceOf(id.slice(0, id.indexOf(':')))
    : context.serviceOf(group)
}

/** Whether a handler that was begun may still deliver it. */
function isInHand({ ledger, traces, processes }: ApplyContext, id: string, group: string): boolean {
  const found = ledger.find(id)
  const journey = found && traces.get(found.sequence, found.seq)
  const obligation = journey && obligationOf(journey, group)
  if (!obligation || isSettled(obligation)) return false
  return obligation.attempts.some(
    (run) => run.outcome === undefined && processes.mayRun(run.instance, toMs(journey, run.startedUs)),
  )
}
