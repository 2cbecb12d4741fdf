import { parseIdentity } from '#contracts/events/identity.ts'
import type { EmissionCause } from '#contracts/protocols/telemetry.ts'
import type { Ledger } from './ledger.ts'

/** Events of one type and cause that are compared between its runs: the first ones. */
const comparedOrdinals = 100

/** Notes that the broker has an event that a message caused; false if it has another one of the same type in the same place. */
export function addEmission(ledger: Ledger, { id, group, ordinal }: EmissionCause, type: string): boolean {
  const found = placeOf(ledger, id)
  if (!found || ordinal > comparedOrdinals) return true
  return found.sequence.addEmitted(found.seq, keyOf(group, type, ordinal))
}

/** Whether the broker is known to have one in that place. */
export function hasEmission(ledger: Ledger, { id, group, ordinal }: EmissionCause, type: string): boolean {
  const found = ledger.find(id)
  return found?.sequence.emitted.get(keyOf(group, type, ordinal))?.has(found.seq) === true
}

/** The message, also if only an event speaks of it. */
function placeOf(ledger: Ledger, id: string) {
  const known = ledger.find(id)
  const identity = known ? undefined : parseIdentity(id)
  if (!identity) return known
  return { sequence: ledger.sequence(identity.producer, identity.epoch, identity.topic), seq: identity.seq }
}

const keyOf = (group: string, type: string, ordinal: number): string => `${group} ${type} ${ordinal}`
