import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { GaugesRecord, TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createBoundedLabel } from '#monitoring/metrics/bounded-label.ts'
import { messagingSystemOf } from '#monitoring/metrics/messaging-system.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import { settlementOperation } from '#monitoring/metrics/settlement-operation.ts'
import { createShortMemory } from '#monitoring/short-memory.ts'

type RecordOf<Kind extends TelemetryRecord['kind']> = Extract<TelemetryRecord, { kind: Kind }>

export interface WorkerMeters {
  /** Counts what a frame reports, as it passes, of a worker that runs on `broker`. Gives its records, none where it cannot be read. */
  take(body: Uint8Array, broker: BrokerName): readonly TelemetryRecord[]
  /** The latest figures that each replica reported of itself. */
  gauges(): Iterable<GaugesRecord>
}

/** Far more than a lab has topics; a user can make new ones without end. */
const topicsMax = 200
const errorTypesMax = 40
/** Sends and settlements that wait for their end; the oldest is forgotten first and then has no duration. */
const underWayMax = 20_000

/**
 * Makes metrics of a worker's telemetry while the sidecar carries it, so that they are there when web is not. Records are read
 * without their schemas: web checks them, and a frame that cannot be read here is counted and goes on all the same.
 */
export function createWorkerMeters(meters: Meters, service: string): WorkerMeters {
  const topicLabel = createBoundedLabel(topicsMax)
  const errorLabel = createBoundedLabel(errorTypesMax)
  const latest = new Map<string, GaugesRecord>()
  const sends = createShortMemory<number>(underWayMax)
  const settlements = createShortMemory<{ at: number; reason: string | undefined }>(underWayMax)
  const decoder = new TextDecoder()

  const topicOf = (id: string): string => topicLabel(parseIdentity(id)?.topic ?? '')
  /** Of the frame at hand. */
  let system = ''

  function publishAttempted({ at, producer, epoch, topic, messages }: RecordOf<'publish.attempted'>): void {
    const [first] = messages
    if (first) sends.set(`${producer}:${epoch}:${topic}:${first.seq}`, at)
  }

  function publishSettled({ at, producer, epoch, topic, outcomes }: RecordOf<'publish.settled'>): void {
    const labels = {
      messaging_system: system,
      messaging_destination_name: topicLabel(topic),
      messaging_operation_name: 'send',
    }
    const byError = createTally<string | undefined>()
    for (const { seq, state, error } of outcomes) {
      const errorType = state === 'acked' ? undefined : errorLabel(error?.type ?? state)
      byError.add(errorType)
      const began = sends.take(`${producer}:${epoch}:${topic}:${seq}`)
      if (began !== undefined) {
        meters.observe(
          'messaging_client_operation_duration_seconds',
          { ...labels, messaging_operation_type: 'send', ...errorOf(errorType) },
          seconds(began, at),
        )
      }
    }
    for (const [errorType, count] of byError.all()) {
      meters.add('messaging_client_sent_messages_total', { ...labels, ...errorOf(errorType) }, count)
    }
  }

  function deliveryStarted({ group, instance, deliveries }: RecordOf<'delivery.started'>): void {
    for (const [topic, those] of byTopic(deliveries)) {
      const place = { messaging_destination_name: topic, messaging_consumer_group_name: group }
      meters.add(
        'messaging_client_consumed_messages_total',
        { ...place, messaging_system: system, messaging_operation_name: 'receive', service_instance_id: instance },
        those.length,
      )
      const retries = those.filter(({ attempt }) => attempt > 1).length
      const redeliveries = those.filter(({ receiveCount }) => receiveCount > 1).length
      if (retries > 0) meters.add('faultline_retries_total', place, retries)
      if (redeliveries > 0) meters.add('faultline_redeliveries_total', place, redeliveries)
    }
  }

  function deliveryEnded({ at, group, instance, deliveries }: RecordOf<'delivery.ended'>): void {
    for (const [topic, those] of byTopic(deliveries)) {
      const place = { messaging_destination_name: topic, messaging_consumer_group_name: group }
      const outcomes = createTally<string>()
      const effects = createTally<string>()
      for (const { startedAt, endedAt, outcome, error, effect } of those) {
        const failed = outcome === 'ok' ? undefined : errorLabel(error?.type ?? outcome)
        meters.observe(
          'messaging_process_duration_seconds',
          { ...place, messaging_system: system, messaging_operation_name: 'process', ...errorOf(failed) },
          seconds(startedAt, endedAt),
        )
        outcomes.add(outcome)
        if (effect) effects.add(`${effect.kind} ${effect.suppressed ? 'suppressed' : 'done'}`)
      }
      for (const [outcome, count] of outcomes.all()) {
        meters.add('faultline_attempts_total', { ...place, service_instance_id: instance, outcome }, count)
      }
      for (const [what, count] of effects.all()) {
        const [effect = '', result = ''] = what.split(' ')
        meters.add('faultline_effects_total', { ...place, effect, result }, count)
      }
    }
    for (const { id, next } of deliveries) {
      settlements.set(`${group} ${id}`, { at, reason: next?.state === 'dead_lettered' ? next.reason : undefined })
    }
  }

  function deliverySettled({ at, group, settlement, ids }: RecordOf<'delivery.settled'>): void {
    const calls = new Map<string, number>()
    for (const id of ids) {
      const topic = topicOf(id)
      const ended = settlements.take(`${group} ${id}`)
      if (ended && !calls.has(topic)) calls.set(topic, ended.at)
      if (settlement === 'dead_lettered') {
        meters.add('faultline_dead_letters_total', {
          messaging_destination_name: topic,
          messaging_consumer_group_name: group,
          reason: ended?.reason ?? 'unknown',
        })
      }
    }
    for (const [topic, began] of calls) {
      meters.observe(
        'messaging_client_operation_duration_seconds',
        {
          messaging_system: system,
          messaging_destination_name: topic,
          messaging_consumer_group_name: group,
          messaging_operation_type: 'settle',
          messaging_operation_name: settlementOperation[settlement],
        },
        seconds(began, at),
      )
    }
  }

  function byTopic<Item extends { id: string }>(items: readonly Item[]): Map<string, Item[]> {
    const topics = new Map<string, Item[]>()
    for (const item of items) {
      const topic = topicOf(item.id)
      const those = topics.get(topic)
      if (those) those.push(item)
      else topics.set(topic, [item])
    }
    return topics
  }

  function apply(record: TelemetryRecord): void {
    if (record.kind === 'publish.attempted') publishAttempted(record)
    else if (record.kind === 'publish.settled') publishSettled(record)
    else if (record.kind === 'delivery.started') deliveryStarted(record)
    else if (record.kind === 'delivery.ended') deliveryEnded(record)
    else if (record.kind === 'delivery.settled') deliverySettled(record)
    else if (record.kind === 'gauges') latest.set(record.instance, record)
  }

  return {
    take(body, broker) {
      system = messagingSystemOf(broker)
      try {
        const records = JSON.parse(decoder.decode(body)) as TelemetryRecord[]
        for (const record of records) apply(record)
        return records
      } catch {
        meters.add('faultline_telemetry_unreadable_frames_total', { service_name: service })
        return []
      }
    },
    gauges: () => latest.values(),
  }
}

/** Counts of one record, so that a batch is one step of a counter. */
function createTally<Key>() {
  const counts = new Map<Key, number>()
  return {
    add: (key: Key) => void counts.set(key, (counts.get(key) ?? 0) + 1),
    all: () => counts.entries(),
  }
}

const seconds = (from: number, to: number): number => Math.max(to - from, 0) / 1_000
const errorOf = (type: string | undefined) => (type === undefined ? {} : { error_type: type })
