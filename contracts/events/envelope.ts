import { randomBytes } from 'node:crypto'

/**
 * A CloudEvents 1.0 message in binary mode: context attributes as headers, `data` as the body.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 * SNS/SQS message attributes carry the same names as Kafka headers do, so that a journey reads alike on every broker.
 */
export interface Envelope {
  id: string
  type: string
  topic: string
  key?: string
  /** RFC 3339, the moment of the attempt to publish. */
  time: string
  /** W3C trace context, level 1: https://www.w3.org/TR/trace-context/ */
  traceparent: string
  tracestate?: string
  /** The schema version of the type at the time of publishing. */
  version: number
  /**
   * Id of the first event of the flow: CloudEvents extension `correlationid`,
   * https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/correlation.md. Absent: this event is the first.
   */
  correlationId?: string
  /** Id of the event whose handling published this one: extension `causationid`. Absent: nothing caused it. */
  causationId?: string
  /** Events before this one on the way from the first of the flow; 0 and absent for the first. */
  hops?: number
  /** The body as UTF-8 JSON text. */
  body: string
}

/** Header names, in the order in which they are shown. At most ten, which is what SQS allows. */
export const headerNames = [
  'ce_specversion',
  'ce_id',
  'ce_source',
  'ce_type',
  'ce_time',
  'content-type',
  'traceparent',
  'tracestate',
  'ce_partitionkey',
  'ce_dataversion',
] as const

export const cloudEventSource = (producer: string): string => `/faultline/${producer}`

/** The headers of an envelope, ready for a Kafka record or SQS message attributes. */
export function headersOf(envelope: Envelope): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_source: cloudEventSource(envelope.id.slice(0, envelope.id.indexOf(':'))),
    ce_type: envelope.type,
    ce_time: envelope.time,
    'content-type': 'application/json',
    traceparent: envelope.traceparent,
    ...(envelope.tracestate === undefined ? {} : { tracestate: envelope.tracestate }),
    ...(envelope.key === undefined ? {} : { ce_partitionkey: envelope.key }),
    ce_dataversion: String(envelope.version),
  }
}

/** The envelope of received headers; undefined where the required CloudEvents attributes are missing. */
export function envelopeOf(topic: string, headers: Record<string, string>, body: string): Envelope | undefined {
  const { ce_id: id, ce_type: type, ce_specversion: specversion, ce_time: time = '', traceparent = '' } = headers
  if (!id || !type || specversion !== '1.0') return undefined
  return {
    id,
    type,
    topic,
    time,
    traceparent,
    version: Number(headers.ce_dataversion ?? 1),
    body,
    ...(headers.ce_partitionkey === undefined ? {} : { key: headers.ce_partitionkey }),
    ...(headers.tracestate === undefined ? {} : { tracestate: headers.tracestate }),
  }
}

/** A new sampled W3C `traceparent` with a random trace id. */
export function newTraceparent(): string {
  const hex = randomBytes(24).toString('hex')
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`
}

/** The same trace with a span of its own: what is sent is a child of the caller's span. */
export function childTraceparent(traceparent: string): { traceparent: string; parentSpanId: string } {
  const [version = '00', traceId = '', parentSpanId = '', flags = '01'] = traceparent.split('-')
  return { traceparent: `${version}-${traceId}-${randomBytes(8).toString('hex')}-${flags}`, parentSpanId }
}

/** The trace id within a `traceparent`; empty where there is none. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? ''
