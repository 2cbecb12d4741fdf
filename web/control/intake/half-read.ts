import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { abandon } from '../journeys/apply/apply-publish.ts'
import { hopOf, isOpenPublish, isSettled, isTaken, type JourneyRecord } from '../journeys/journey-record.ts'

/**
 * Some segments between those that were read are deleted, because no journey that is kept needs them. Journeys that were
 * dropped are thus half read; the checkpoint knows that nothing of theirs is open.
 */
export function dropHalfRead(context: ApplyContext): void {
  const { ledger, traces } = context
  const look = (journey: JourneyRecord | undefined): void => {
    if (journey && ledger.isFinal(journey.lane, journey.seq) && isHalfRead(context, journey)) traces.drop(journey)
  }
  for (const journey of [...traces.slots.all()]) look(journey)
  for (const { lane, seq } of traces.order.allDormant()) if (ledger.isFinal(lane, seq)) look(traces.get(lane, seq))
  // The ledger knew from the start of the reading which epochs have ended, so that nothing marked the moment.
  for (const lane of ledger.lanes()) if (lane.ended) abandon(context, lane, context.now())
}

/** Whether the ledger knows more of it than was read. What a group did that never owed it stays open in the journey alone. */
function isHalfRead({ ledger }: ApplyContext, journey: JourneyRecord): boolean {
  const { lane, seq, order, owed, hops } = journey
  if (order < 0) return ledger.wasAttempted(lane, seq)
  if (isOpenPublish(journey)) return true
  const unsettled = hops.filter((hop) => !isSettled(hop)).map(({ group }) => group)
  const unheard = owed.filter((group) => isTaken(journey) && !hopOf(journey, group))
  return [...unsettled, ...unheard].some((group) => !['none', 'open'].includes(ledger.stateOf(lane, seq, group)))
}
