import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Collector } from '#monitoring/metrics/meters.ts'
import { isAccepted, obligationOf, toMs } from '../../journeys/journey-record.ts'
import type { JourneyEntry, PackedObligation } from '../../journeys/packed-journey.ts'
import type { TraceStore } from '../../journeys/trace-store.ts'
import type { GroupCounts } from '../../ledger/counters.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Metrics } from '../metrics.ts'

/** Counts of the ledger, lag, ages and depths, read where they are kept. */
export function flowCollector(sources: {
  ledger: Ledger
  traces: TraceStore
  metrics: Metrics
  /** That the lab runs on now: what is on another waits for nobody. */
  broker: () => BrokerName
  now: () => number
}): Collector {
  const { ledger, traces, metrics, broker, now } = sources
  const ageSeconds = (journey: JourneyEntry | undefined): number =>
    journey === undefined ? 0 : Math.max(now() - toMs(journey, journey.attemptedUs), 0) / 1_000

  /** The oldest message that the group was never handed; those before the oldest unsettled one are settled. */
  function oldestWaiting(group: string, oldest: JourneyEntry | undefined): JourneyEntry | undefined {
    if (!oldest) return undefined
    let examined = 0
    // Behind that many which were handed out and wait for a retry, the place reached represents it: it is not younger.
    return traces.order.findOpen(oldest.order, (journey) => {
      examined += 1
      return examined > examinedMax || (journey.sequence.broker === broker() && isWaiting(journey, group))
    })
  }

  return {
    name: 'flow',
    metrics: [
      'faultline_ledger_publishes',
      'faultline_ledger_obligations',
      'faultline_consumer_lag_messages',
      'faultline_consumer_lag_seconds',
      'faultline_oldest_message_age_seconds',
      'faultline_queue_messages',
    ],
    collect(set) {
      for (const [topic, counts] of publishesByTopic(ledger)) {
        for (const [state, count] of counts) {
          set('faultline_ledger_publishes', { messaging_destination_name: topic, state }, count)
        }
      }
      for (const [topic, group, counts] of ledger.groups.entries()) {
        const place = { messaging_destination_name: topic, messaging_consumer_group_name: group }
        for (const [state, count] of obligationsByState(counts)) {
          set('faultline_ledger_obligations', { ...place, state }, count)
        }
      }
      const lag = metrics.lag()
      for (const group of metrics.groups()) {
        const labels = { messaging_consumer_group_name: group }
        const oldest = traces.oldestOpen(group, broker())
        set('faultline_consumer_lag_messages', labels, lag.get(group) ?? 0)
        set('faultline_oldest_message_age_seconds', labels, ageSeconds(oldest))
        set('faultline_consumer_lag_seconds', labels, ageSeconds(oldestWaiting(group, oldest)))
      }
      for (const { group, visible, inFlight, delayed, deadLetters } of metrics.queueDepths()) {
        const states = { visible, in_flight: inFlight, delayed, dead_lettered: deadLetters }
        for (const [state, count] of Object.entries(states)) {
          set('faultline_queue_messages', { messaging_consumer_group_name: group, state }, count)
        }
      }
    },
  }
}

/** Journeys that one scrape looks at for one group: some milliseconds at most. */
const examinedMax = 50_000

/** Whether the group has it to take and was never handed it. */
function isWaiting(journey: JourneyEntry, group: string): boolean {
  const obligation = obligationOf<PackedObligation>(journey, group)
  if (obligation) return obligation.state === 'waiting' && obligation.attempts.length === 0
  return isAccepted(journey) && journey.owed.includes(group)
}

const obligationStates: Record<string, string> = {
  waiting: 'waiting',
  handling: 'handling',
  retrying: 'retrying',
  delivered: 'delivered',
  deadLettered: 'dead_lettered',
  lost: 'lost',
}

/** The states that the ledger counts. */
function* obligationsByState(counts: GroupCounts): Generator<[state: string, count: number]> {
  for (const [name, count] of Object.entries(counts)) {
    const state = obligationStates[name]
    if (state !== undefined) yield [state, count]
  }
}

/** Counts of publishes by topic; topics that several types share are one. */
function publishesByTopic(ledger: Ledger): Map<string, Map<string, number>> {
  const topics = new Map<string, Map<string, number>>()
  for (const [topic, , counts] of ledger.publishes.entries()) {
    const known = topics.get(topic) ?? new Map<string, number>()
    topics.set(topic, known)
    for (const [state, count] of Object.entries(counts)) {
      known.set(state, (known.get(state) ?? 0) + count)
    }
  }
  return topics
}
