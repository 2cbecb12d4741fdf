import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { abandon } from '../journeys/apply/apply-publish.ts'
import { isAccepted, isOpenPublish, isSettled, type JourneyRecord, obligationOf } from '../journeys/journey-record.ts'

/**
 * Some segments between those that were read are deleted, because no journey that is kept needs them. Journeys that were
 * dropped are thus half read; the checkpoint knows that nothing of theirs is open.
 */
export function dropHalfRead(context: ApplyContext): void {
  const { ledger, traces } = context
  const look = (journey: JourneyRecord | undefined): void => {
    if (journey && ledger.isFinal(journey.sequence, journey.seq) && isHalfRead(context, journey)) traces.drop(journey)
  }
  for (const journey of [...traces.slots.all()]) look(journey)
  // Of one that is settled nothing is left that could be half read.
  for (const { sequence, seq, retired } of traces.order.allPacked())
    if (!retired && ledger.isFinal(sequence, seq)) look(traces.get(sequence, seq))
  // The ledger knew from the start of the reading which epochs have ended, so that nothing marked the moment.
  for (const sequence of ledger.sequences()) if (sequence.ended) abandon(context, sequence, context.now())
}

/** Whether the ledger knows more of it than was read. What a group did that never owed it stays open in the journey alone. */
function isHalfRead({ ledger }: ApplyContext, journey: JourneyRecord): boolean {
  const { sequence, seq, order, owed, obligations } = journey
  if (order < 0) return ledger.wasAttempted(sequence, seq)
  if (isOpenPublish(journey)) return true
  const unsettled = obligations.filter((obligation) => !isSettled(obligation)).map(({ group }) => group)
  const unheard = owed.filter((group) => isAccepted(journey) && !obligationOf(journey, group))
  return [...unsettled, ...unheard].some((group) => !['none', 'open'].includes(ledger.stateOf(sequence, seq, group)))
}
