import type { UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { isOpenFor, type TraceStore } from '../journeys/trace-store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { outstandingOf } from './outstanding.ts'

const samplesPerGroup = 5
/** Journeys after the oldest one that are looked at for more samples. */
const examinedForSamples = 1_000

/** What is unsettled of the messages of one broker, with the oldest of each group by name. */
export function unsettledOfBroker(broker: BrokerName, ledger: Ledger, traces: TraceStore): UnsettledOn {
  const { publishes, groups } = outstandingOf(ledger, (other) => other === broker)
  return {
    broker,
    publishes,
    groups: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, messages]) => ({ group, messages, inBroker: null, samples: samplesOf(group, broker, traces) })),
  }
}

function samplesOf(group: string, broker: BrokerName, traces: TraceStore): string[] {
  const oldest = traces.oldestOpen(group, broker)
  if (!oldest) return []
  const ids: string[] = []
  const end = Math.min(oldest.order + examinedForSamples, traces.order.next)
  for (let order = oldest.order; order < end && ids.length < samplesPerGroup; order += 1) {
    const journey = traces.order.at(order)
    if (journey && journey.sequence.broker === broker && isOpenFor(journey, group)) ids.push(journey.id)
  }
  return ids
}
