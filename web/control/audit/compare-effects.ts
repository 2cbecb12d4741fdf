import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { obligationKey } from '../journeys/apply/ledger-sink.ts'
import { bitsOf, chunkSize } from '../ledger/bit-plane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { AuditFinding, Findings } from './findings.ts'
import { bothSides, type SeenEffects } from './seen-effects.ts'

/** Telemetry and effect store of one consumer, message by message. Answers what is to be entered at `at`, epoch milliseconds. */
export function compareEffects(
  ledger: Ledger,
  { name: group, idempotent }: ConsumerDeclaration,
  seen: SeenEffects,
  findings: Findings,
  at: number,
): Resolution[] {
  for (const sequence of ledger.sequences()) {
    for (const { number, reported, stored } of bothSides(sequence, group, seen)) {
      for (let word = 0; word < reported.length; word += 1) {
        const [left, right] = [reported[word] ?? 0, stored[word] ?? 0]
        for (const index of bitsOf(left & ~right, word)) {
          const id = sequence.prefix + (number * chunkSize + index + 1)
          const detail = `telemetry of ${group} reports an effect that the effect store does not hold`
          findings.add({ kind: 'effect_missing', weight: 'fail', id, group, detail })
        }
        for (const index of bitsOf(right & ~left, word)) {
          const seq = number * chunkSize + index + 1
          const id = sequence.prefix + seq
          const isDead = ledger.stateOf(sequence, seq, group) === 'dead_lettered'
          // A run that was cut off after its effect reports none; when all runs were such, it is given up.
          const detail = isDead
            ? `the effect store holds an effect of ${group} for a message that the group gave up`
            : `the effect store holds an effect of ${group} that telemetry never reported`
          findings.add({ kind: 'effect_unreported', weight: isDead ? 'note' : 'doubt', id, group, detail })
        }
      }
    }
  }
  const kind = 'effect_unreported'
  const unknown = `the effect store holds an effect of ${group} for a message that nobody ever reported`
  addAll(findings, { kind, weight: 'doubt', group, detail: unknown }, seen.unknown, seen.unknownCount)
  const detail = idempotent
    ? `${group} promises a single effect, and the effect store holds it more often than telemetry reported`
    : `the effect store holds it more often than telemetry reported. ${group} promises no single effect`
  const weight = idempotent ? 'fail' : 'note'
  // If telemetry reported as many for a message, both sources agree: the anomalies have them.
  const decided: Resolution[] = []
  for (const [id, times] of seen.again) {
    const count = times - (ledger.actedAgain.get(obligationKey(id, group)) ?? 0)
    if (count <= 0) continue
    findings.add({ kind: 'effect_duplicated', weight, group, detail, id, count })
    decided.push({ what: 'again', id, group, at, count })
  }
  return decided
}

/** Adds what is named by an id, and the count of what is not kept by name. */
function addAll(
  findings: Findings,
  what: Omit<AuditFinding, 'id' | 'count'>,
  ids: readonly string[],
  count: number,
): void {
  for (const id of ids) findings.add({ ...what, id })
  if (count > ids.length) findings.add({ ...what, count: count - ids.length })
}
