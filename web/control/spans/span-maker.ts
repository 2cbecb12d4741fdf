import type { Attributes } from '@opentelemetry/api'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { formatIdentity } from '#contracts/events/identity.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { messagingSystemOf } from '#monitoring/metrics/messaging-system.ts'
import { settlementOperation } from '#monitoring/metrics/settlement-operation.ts'
import type { LabSpan } from '#monitoring/otlp/span-export.ts'
import { createShortMemory } from '#monitoring/short-memory.ts'

type RecordOf<Kind extends TelemetryRecord['kind']> = Extract<TelemetryRecord, { kind: Kind }>

/** What a span needs to know of the message that it speaks of. */
export interface SpannedMessage {
  /** W3C trace context of the message; its span is that of the send. */
  traceparent: string
  topic: string
  broker: BrokerName
  /** Epoch milliseconds of the attempt to publish. */
  attemptedAt: number
}

export interface SpanMaker {
  /** Makes the spans that the records complete. To be called after they were applied. */
  take(records: readonly TelemetryRecord[]): void
}

/** A span whose message is not known yet. */
type Draft = (message: SpannedMessage) => void

/** Sends, deliveries and parked spans that are remembered; the oldest is forgotten first and has no span. */
const remembered = 50_000

/**
 * Makes spans of telemetry: `send` when a publish is answered, `receive` when a handler begins, `process` when it has ended, `settle` when
 * the broker confirmed. Names, kinds and attributes are those of OpenTelemetry's messaging conventions. Consumers report through other
 * sidecars than producers: what comes before its publish is parked until that is known.
 */
export function createSpanMaker(options: {
  /** Undefined if the message is not known, or not yet. */
  find: (id: string) => SpannedMessage | undefined
  emit: (span: LabSpan) => void
}): SpanMaker {
  const parents = createShortMemory<string>(remembered)
  const started = createShortMemory<{ at: number; ref: string | undefined }>(remembered)
  const ended = createShortMemory<{ at: number; spanId: string }>(remembered)
  const parked = createShortMemory<Draft[]>(remembered)

  function withMessage(id: string, draft: Draft): void {
    const message = options.find(id)
    if (message) draft(message)
    else parked.set(id, [...(parked.get(id) ?? []), draft])
  }

  function emit(message: SpannedMessage, span: Omit<LabSpan, 'traceId'>): void {
    const [, traceId, , flags] = message.traceparent.split('-')
    // The caller's word counts: what it does not sample is not traced.
    if (traceId === undefined || (Number.parseInt(flags ?? '0', 16) & 1) === 0) return
    options.emit({ ...span, traceId })
  }

  function published({ producer, epoch, topic, messages }: RecordOf<'publish.attempted'>): void {
    for (const { seq, parentSpanId } of messages) {
      const id = formatIdentity({ producer, epoch, topic, seq })
      if (parentSpanId !== undefined) parents.set(id, parentSpanId)
      const drafts = parked.take(id)
      const message = drafts && options.find(id)
      if (message) for (const draft of drafts) draft(message)
    }
  }

  function sent({ at, producer, epoch, topic, outcomes }: RecordOf<'publish.settled'>): void {
    for (const { seq, state, ref, error } of outcomes) {
      const id = formatIdentity({ producer, epoch, topic, seq })
      const parentSpanId = parents.take(id)
      withMessage(id, (message) => {
        const errorType = state === 'acked' ? undefined : (error?.type ?? state)
        emit(message, {
          ...{ name: `send ${topic}`, kind: 'producer', spanId: spanOf(message) },
          ...(parentSpanId === undefined ? {} : { parentSpanId }),
          ...{ startedAt: message.attemptedAt, endedAt: at },
          ...{ service: serviceOf(producer), instance: producer },
          attributes: attributesOf(message, id, 'send', 'send', ref, errorType),
          ...(errorType === undefined ? {} : { failure: error?.message || state }),
        })
      })
    }
  }

  function received({ at, group, instance, deliveries }: RecordOf<'delivery.started'>): void {
    for (const { id, attempt, receiveCount, receivedAt, ref } of deliveries) {
      const run = { id, group, attempt, receiveCount }
      const spanId = processSpanId(run)
      started.set(spanId, { at, ref })
      withMessage(id, (message) =>
        emit(message, {
          ...{
            name: `receive ${message.topic}`,
            kind: 'client',
            spanId: processSpanId({ ...run, group: `${group} receive` }),
          },
          ...{ parentSpanId: spanOf(message), linkedSpanId: spanOf(message) },
          ...{ startedAt: receivedAt, endedAt: at, service: group, instance },
          attributes: { ...attributesOf(message, id, 'receive', 'receive', ref), ...groupOf(run) },
        }),
      )
    }
  }

  function processed({ at, group, instance, deliveries }: RecordOf<'delivery.ended'>): void {
    for (const { id, attempt, receiveCount, startedAt, endedAt, outcome, error } of deliveries) {
      const run = { id, group, attempt, receiveCount }
      const spanId = processSpanId(run)
      const ref = started.take(spanId)?.ref
      ended.set(`${group} ${id}`, { at, spanId })
      withMessage(id, (message) => {
        const errorType = outcome === 'ok' ? undefined : (error?.type ?? outcome)
        emit(message, {
          ...{ name: `process ${message.topic}`, kind: 'consumer', spanId },
          ...{ parentSpanId: spanOf(message), linkedSpanId: spanOf(message) },
          ...{ startedAt, endedAt, service: group, instance },
          attributes: { ...attributesOf(message, id, 'process', 'process', ref, errorType), ...groupOf(run) },
          ...(errorType === undefined ? {} : { failure: error?.message || outcome }),
        })
      })
    }
  }

  function settled({ at, group, instance, settlement, ids }: RecordOf<'delivery.settled'>): void {
    for (const id of ids) {
      const run = ended.take(`${group} ${id}`)
      if (!run) continue
      withMessage(id, (message) =>
        emit(message, {
          ...{ name: `${settlementOperation[settlement]} ${message.topic}`, kind: 'client' },
          spanId: processSpanId({ id: run.spanId, group: 'settle', attempt: 0, receiveCount: 0 }),
          ...{ parentSpanId: run.spanId, startedAt: run.at, endedAt: at, service: group, instance },
          attributes: {
            ...attributesOf(message, id, 'settle', settlementOperation[settlement]),
            'messaging.consumer.group.name': group,
          },
        }),
      )
    }
  }

  return {
    take(records) {
      for (const record of records) {
        if (record.kind === 'publish.attempted') published(record)
        else if (record.kind === 'publish.settled') sent(record)
        else if (record.kind === 'delivery.started') received(record)
        else if (record.kind === 'delivery.ended') processed(record)
        else if (record.kind === 'delivery.settled') settled(record)
      }
    },
  }
}

const spanOf = ({ traceparent }: SpannedMessage): string => traceparent.split('-')[2] ?? ''
const serviceOf = (instance: string): string => instance.replace(/-\d+$/, '')

const groupOf = ({
  group,
  attempt,
  receiveCount,
}: {
  group: string
  attempt: number
  receiveCount: number
}): Attributes => ({
  'messaging.consumer.group.name': group,
  'faultline.attempt': attempt,
  'faultline.receive_count': receiveCount,
})

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function attributesOf(
  { topic, broker }: SpannedMessage,
  id: string,
  type: 'send' | 'receive' | 'process' | 'settle',
  name: string,
  ref?: string,
  errorType?: string,
): Attributes {
  const place = ref === undefined ? null : /^(\d+)@(\d+)$/.exec(ref)
  return {
    'messaging.system': messagingSystemOf(broker),
    'messaging.operation.type': type,
    'messaging.operation.name': name,
    'messaging.destination.name': topic,
    'messaging.message.id': id,
    ...(place === null
      ? {}
      : { 'messaging.destination.partition.id': place[1], 'messaging.kafka.offset': Number(place[2]) }),
    ...(errorType === undefined ? {} : { 'error.type': errorType }),
  }
}
