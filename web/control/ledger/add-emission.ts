import { parseIdentity } from '#contracts/events/identity.ts'
import type { EmissionCause } from '#contracts/protocols/telemetry.ts'
import type { Ledger } from './ledger.ts'

/** Events of one type and cause that are compared between its runs: the first ones. */
const comparedOrdinals = 100

/** Notes that the broker has an event that a message caused; false where it has another one of the same type in the same place. */
export function addEmission(ledger: Ledger, { id, group, ordinal }: EmissionCause, type: string): boolean {
  const known = ledger.find(id)
  const identity = known ? undefined : parseIdentity(id)
  const sequence = known?.sequence ?? (identity && ledger.sequence(identity.producer, identity.epoch, identity.topic))
  const seq = known?.seq ?? identity?.seq
  if (!sequence || seq === undefined || ordinal > comparedOrdinals) return true
  return sequence.addEmitted(seq, `${group} ${type} ${ordinal}`)
}
