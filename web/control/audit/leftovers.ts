import type { AuditReport } from '#contracts/api/audit.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { type JourneyRecord, obligationOf } from '../journeys/journey-record.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import { CommittedOffsets } from '../ledger/committed-offsets.ts'
import { isUnheard } from '../verdict/commit-watch.ts'
import type { Findings } from './findings.ts'
import type { LedgerBooks } from './ledger-books.ts'
import type { ReadLetters } from './letters/compare-dead-letters.ts'
import { UnnamedLetterIndex } from './letters/unnamed-letters.ts'
import { indeterminatePublishes, lostObligations, type Owed, openObligations } from './open-messages.ts'
import type { SeenEffects } from './seen-effects.ts'

export interface LeftoverSources {
  books: LedgerBooks
  consumers: readonly ConsumerDeclaration[]
  broker: BrokerName
  snapshot: BrokerSnapshot
  /** What the effect store holds, by consumer. */
  seen: ReadonlyMap<string, SeenEffects>
  letters: ReadLetters
  findings: Findings
  /** Epoch milliseconds. */
  at: number
}

/**
 * In a drained lab nothing is on its way. A message that is not settled by telemetry was done and never reported, if the
 * effect store or the dead letters have it, and is lost where neither has. A publish of which nothing is known and that no
 * witness has seen is absent. Answers what is to be entered; where a witness is missing, nothing is decided. An event that a handler
 * published for it is no witness: the handler may have failed after it.
 */
export function decideLeftovers(sources: LeftoverSources): Resolution[] {
  const { books, consumers, broker, snapshot, seen, letters, findings, at } = sources
  const { bodyOf } = books
  const { ledger, traces, hasGap } = books.context
  const unnamed = new UnnamedLetterIndex(ledger, letters)
  const offsets = new CommittedOffsets(snapshot.partitions ?? [])
  const dead = new Map(
    [...letters].map(([group, list]) => [
      group,
      {
        ids: new Set((list?.letters ?? []).map(({ headers }) => headers.ce_id)),
        discarded: new Set((list?.discarded ?? []).map(({ messageId }) => messageId)),
        isWhole: list?.isWhole === true,
      },
    ]),
  )
  /** Where a message of a group is dead, in words; undefined if it is not. */
  const deathOf = (id: string, group: string): string | undefined => {
    if (dead.get(group)?.ids.has(id)) return `is among the dead letters of ${group}`
    return dead.get(group)?.discarded.has(id) ? `was discarded from the dead letters of ${group}` : undefined
  }
  const effectOf = new Map(consumers.map(({ name, effect }) => [name, effect]))
  /** Whether all that could still have it was looked at. Of a consumer without an effect telemetry is the only witness. */
  const isKnown = (group: string): boolean =>
    dead.get(group)?.isWhole !== false &&
    (seen.has(group) || (effectOf.has(group) && effectOf.get(group) === undefined && !hasGap(group)))
  /**
   * Says where one is that has neither an effect nor a dead letter of its name, also of one that the ledger has found to be lost by
   * itself. Undefined where it is not known to be gone.
   */
  const missing = ({ sequence, seq, id, group }: Owed): 'passed' | 'gone' | undefined => {
    const kept = traces.get(sequence, seq)
    const journey = kept && wholeOf(kept)
    if (journey && unnamed.take(group, journey, journey.body ?? bodyOf(journey))) {
      const detail = `it is among the dead letters of ${group} without its identity`
      findings.add({ kind: 'dead_letters_differ', weight: 'doubt', id, group, detail })
      return undefined
    }
    if (!isKnown(group)) return undefined
    const isPassed = offsets.hasPassed(sequence.topic, journey?.ref, group)
    if (journey && isPassed && wasNeverGiven(journey, group)) {
      const detail = `${group} committed past it, and no handler of the group was ever given it`
      findings.add({ kind: 'commit_passed', weight: 'fail', id, group, detail })
      return 'passed'
    }
    if (offsets.endsBefore(sequence.topic, journey?.ref)) {
      const detail = 'the broker acknowledged it, and its partition ends before it'
      findings.add({ kind: 'beyond_the_log', weight: 'fail', id, group, detail })
    } else {
      const where = isPassed ? 'has committed past it' : 'the broker holds nothing of it any more'
      const detail = `${group} never settled it, and ${where}`
      findings.add({ kind: 'message_gone', weight: 'fail', id, group, detail })
    }
    return 'gone'
  }

  const decided: Resolution[] = []
  for (const { sequence, seq, id } of indeterminatePublishes(ledger, broker)) {
    const groups = [...seen].filter(([, effects]) => effects.has(sequence, seq)).map(([group]) => group)
    for (const group of groups) {
      const detail = `a publish that was never answered has an effect of ${group} that telemetry never reported`
      findings.add({ kind: 'effect_unreported', weight: 'doubt', id, group, detail })
      decided.push({ what: 'delivered', id, group, at })
    }
    // One that nobody takes is in a log that nobody reads: no witness can say whether it is there.
    const isRead =
      traces.get(sequence, seq)?.owed.every(isKnown) === true && (traces.get(sequence, seq)?.owed.length ?? 0) > 0
    if (groups.length === 0 && isRead) decided.push({ what: 'absent', id, at })
  }
  // The broker knows of it and telemetry does not: a record of telemetry was lost, and no message.
  for (const { sequence, seq, id, group } of lostObligations(ledger, broker)) {
    const death = deathOf(id, group)
    if (seen.get(group)?.has(sequence, seq)) {
      const detail = `it was taken for lost, and the effect store holds an effect of ${group} that telemetry never reported`
      findings.add({ kind: 'effect_unreported', weight: 'doubt', id, group, detail })
      decided.push({ what: 'delivered', id, group, at })
    } else if (death !== undefined) {
      const detail = `it was taken for lost, and ${death}, which telemetry never reported`
      findings.add({ kind: 'dead_letters_differ', weight: 'doubt', id, group, detail })
      decided.push({ what: 'dead_lettered', id, group, at })
    } else missing({ sequence, seq, id, group })
  }
  for (const { sequence, seq, id, group } of openObligations(ledger, broker)) {
    // One that was never published is a phantom, and nobody owes it anything.
    if (!ledger.isAccepted(sequence, seq)) continue
    if (seen.get(group)?.has(sequence, seq)) {
      const detail = `the effect store holds an effect of ${group} that telemetry never reported`
      findings.add({ kind: 'effect_unreported', weight: 'doubt', id, group, detail })
      decided.push({ what: 'delivered', id, group, at })
      continue
    }
    const death = deathOf(id, group)
    if (death !== undefined) {
      const detail = `it ${death}, and telemetry never reported that`
      findings.add({ kind: 'dead_letters_differ', weight: 'doubt', id, group, detail })
      decided.push({ what: 'dead_lettered', id, group, at })
      continue
    }
    const how = missing({ sequence, seq, id, group })
    if (how === 'passed') decided.push({ what: 'passed', id, group, at })
    if (how !== undefined) decided.push({ what: 'lost', id, group, at })
  }
  return decided
}

/** Whether no handler of the group began with it, as far as anybody reported, also where it is taken for lost by now. */
const wasNeverGiven = (journey: JourneyRecord, group: string): boolean =>
  isUnheard(journey, group) || obligationOf(journey, group)?.attempts.length === 0

/** How many of each kind were decided. */
export function countResolved(decided: readonly Resolution[]): AuditReport['resolved'] {
  const count = (what: Resolution['what']): number => decided.filter((each) => each.what === what).length
  return {
    absent: count('absent'),
    lost: count('lost'),
    delivered: count('delivered'),
    deadLettered: count('dead_lettered'),
  }
}
