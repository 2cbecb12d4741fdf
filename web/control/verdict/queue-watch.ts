import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { QueueDepth } from '#workers/broker/broker.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { type JourneyRecord, obligationOf } from '../journeys/journey-record.ts'
import { isOpenFor } from '../journeys/trace-store.ts'

/** Messages after the oldest unsettled one of a group that one look examines: an audit examines all. */
const examinedMax = 1_000

/**
 * Suspects that a message is lost where its queue is empty and telemetry has it open: what `suspectPassed` is on brokers with
 * partitions. It must have been open at a look before, at least `heldMs` ago, with the queue empty ever since, as a look takes its
 * time. A worker reports the end of a run before it settles at the broker, so behind the watermark an empty queue owes nobody anything.
 */
export function createQueueWatch(
  { traces, suspicions, now }: Pick<ApplyContext, 'traces' | 'suspicions' | 'now'>,
  /** How old a broker's counts may be, in milliseconds. Default 0: they are those of the look. */
  heldMs = 0,
): (broker: BrokerName, queues: readonly QueueDepth[]) => void {
  /** By broker and group whose queue was empty at the last look: what was open, and since when that was seen. */
  let before = new Map<string, Map<string, number>>()

  function openIds(group: string, broker: BrokerName): string[] {
    const ids: string[] = []
    const oldest = traces.oldestOpen(group, broker)
    const end = oldest ? Math.min(oldest.order + examinedMax, traces.order.next) : 0
    for (let order = oldest?.order ?? 0; order < end; order += 1) {
      const journey = traces.order.at(order)
      if (journey && journey.sequence.broker === broker && isOpenFor(journey, group)) ids.push(journey.id)
    }
    return ids
  }

  return (broker, queues) => {
    const at = now()
    const seen = new Map<string, Map<string, number>>()
    for (const { group, visible, inFlight, delayed } of queues) {
      if (visible + inFlight + delayed !== 0) continue
      const key = `${broker} ${group}`
      const known = before.get(key)
      const open = new Map(openIds(group, broker).map((id) => [id, known?.get(id) ?? at]))
      for (const [id, since] of open) if (known?.has(id) && at - since >= heldMs) suspicions.add('gone', id, group, at)
      seen.set(key, open)
    }
    before = seen
  }
}

/**
 * Whether the group has it still open, behind the watermark. One whose last run said that it goes to the dead letters is not: the
 * broker has moved it there before the worker can say so.
 */
export function isStillOpen(journey: JourneyRecord, group: string): boolean {
  return isOpenFor(journey, group) && obligationOf(journey, group)?.attempts.at(-1)?.reason === undefined
}
