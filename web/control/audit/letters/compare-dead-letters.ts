import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { QueueDepth } from '#workers/broker/broker.ts'
import type { DeadLetter, DeadLetters } from '#workers/broker/dead-letters.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Findings } from '../findings.ts'
import { parkedOn } from '../open-messages.ts'
import type { DiscardedLetter, Discards } from './discards.ts'

/** Letters of a group that are read to name those that differ. */
const readAtMost = 10_000

/** Letters that a broker holds, by group; undefined if it does not answer. Absent: it has none, and telemetry reports none. */
export type ReadLetters = Map<string, ReadGroup | undefined>

interface ReadGroup {
  letters: DeadLetter[]
  isWhole: boolean
  /** Those that somebody discarded on purpose. */
  discarded: readonly DiscardedLetter[]
}

/** What telemetry says must be among the dead letters of a group. */
const reportedOf = (ledger: Ledger, broker: BrokerName, group: string): { named: Set<string>; count: number } => {
  const named = new Set(parkedOn(ledger, broker, group))
  return { named, count: named.size + ledger.unnamedDeadLetters.of(broker, group) }
}

/** Reads the letters that are there, or must be. */
export async function readLetters(
  ledger: Ledger,
  broker: BrokerName,
  queues: readonly QueueDepth[],
  deadLetters: DeadLetters,
  book: Discards,
): Promise<ReadLetters> {
  const read: ReadLetters = new Map()
  for (const { group, deadLetters: held } of queues) {
    const discarded = book.of(broker, group)
    if (held + reportedOf(ledger, broker, group).count + discarded.length === 0) continue
    const list = await deadLetters.list(group, readAtMost).catch(() => undefined)
    // One that another reader has in flight is not shown to this one.
    read.set(group, list && { letters: list.letters, isWhole: !list.more && list.letters.length >= held, discarded })
  }
  return read
}

/** Dead letters that the broker holds and those that telemetry reports, by group; where they differ, by message. */
export function compareDeadLetters(
  ledger: Ledger,
  broker: BrokerName,
  queues: readonly QueueDepth[],
  read: ReadLetters,
  findings: Findings,
): void {
  for (const { group, deadLetters: held } of queues) {
    const { named, count: reported } = reportedOf(ledger, broker, group)
    const kind = 'dead_letters_differ'
    const before = findings.list().length
    const list = read.get(group)
    const seen = new Set<string>()
    for (const { headers } of list?.letters ?? []) {
      const id = headers.ce_id
      const found = id === undefined ? undefined : ledger.find(id)
      if (id === undefined || !found) continue
      const isReported = named.has(id)
      if (isReported && !seen.has(id)) {
        seen.add(id)
        continue
      }
      // Twice is what at-least-once allows: each copy of a message is given up, and a fault between storing and removing leaves one behind.
      const weight = isReported ? 'note' : 'doubt'
      const what = isReported
        ? 'twice'
        : `though telemetry has it as ${ledger.stateOf(found.sequence, found.seq, group)}`
      findings.add({ kind, weight, id, group, detail: `it is among the dead letters of ${group} ${what}` })
    }
    const discarded = missingByChoice(list?.discarded ?? [], named, seen)
    const count = reported - discarded.count
    if (list?.isWhole) {
      const detail = `telemetry has it as a dead letter of ${group}, and it is not among them`
      for (const id of named)
        if (!seen.has(id) && !discarded.ids.has(id)) findings.add({ kind, weight: 'fail', id, group, detail })
    }
    if (held !== count && findings.list().length === before) {
      const detail = `the broker holds ${held} dead letters of ${group}, telemetry reports ${count}`
      findings.add({ kind, weight: held < count ? 'fail' : 'doubt', group, count: Math.abs(held - count), detail })
    }
    for (const id of discarded.ids)
      findings.add({ kind: 'discarded', weight: 'note', id, group, detail: `somebody discarded it from ${group}` })
  }
}

/** Of what somebody discarded, what telemetry has as a dead letter and the broker does not hold; `count` has those without an identity too. */
function missingByChoice(
  discarded: readonly DiscardedLetter[],
  named: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): { ids: Set<string>; count: number } {
  const ids = new Set(
    discarded.flatMap(({ messageId }) => messageId ?? []).filter((id) => named.has(id) && !seen.has(id)),
  )
  return { ids, count: ids.size + discarded.filter(({ messageId }) => messageId === undefined).length }
}
