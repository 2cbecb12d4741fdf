import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { PartitionState } from '#workers/broker/broker.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { isAccepted, obligationOf } from '../journeys/journey-record.ts'
import { type JourneyEntry, type PackedObligation, wholeOf } from '../journeys/packed-journey.ts'
import { CommittedOffsets } from '../ledger/committed-offsets.ts'

/** Messages after the oldest unsettled one of a group that one look examines: an audit examines all. */
const examinedMax = 1_000

/** Whether the group owes an answer to a message that the broker has, and no record of the group ever spoke of it. */
export const isUnheard = (journey: JourneyEntry, group: string): boolean =>
  isAccepted(journey) && journey.owed.includes(group) && obligationOf<PackedObligation>(journey, group) === undefined

/**
 * Suspects a premature commit where the broker's committed offset is past a message that no handler was given. Telemetry of
 * its worker may be on the way, so it is judged behind the watermark. To be called with what the broker just counted.
 */
export function suspectPassed(
  { traces, suspicions, now }: Pick<ApplyContext, 'traces' | 'suspicions' | 'now'>,
  broker: BrokerName,
  partitions: readonly PartitionState[],
): void {
  const offsets = new CommittedOffsets(partitions)
  for (const group of offsets.groups()) {
    const oldest = traces.oldestOpen(group, broker)
    if (!oldest) continue
    const end = Math.min(oldest.order + examinedMax, traces.order.next)
    for (let order = oldest.order; order < end; order += 1) {
      const journey = traces.order.at(order)
      if (!journey || journey.sequence.broker !== broker || !isUnheard(journey, group)) continue
      if (offsets.hasPassed(journey.sequence.topic, wholeOf(journey).ref, group))
        suspicions.add('passed', journey.id, group, now())
    }
  }
}
