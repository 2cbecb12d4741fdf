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

/** Header names of an event that nothing caused, in the order in which they are shown. At most ten, which is what SQS allows. */
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

/** Headers that an event has beside those where another caused it, in the order in which they are shown. */
export const causeHeaderNames = ['ce_correlationid', 'ce_causationid', 'ce_hops'] as const

/** What headers say that is the same for every event of the lab. */
export const constantHeaders = { ce_specversion: '1.0', 'content-type': 'application/json' } as const

export const cloudEventSource = (producer: string): string => `/faultline/${producer}`

/** The source that an event of the lab names, which its id begins with. */
export const sourceOfId = (id: string): string => cloudEventSource(id.slice(0, id.indexOf(':')))

/** The headers of an envelope, ready for a Kafka record or SQS message attributes. */
export function headersOf(envelope: Envelope): Record<string, string> {
  const { correlationId, causationId, hops } = envelope
  return {
    ce_specversion: constantHeaders.ce_specversion,
    ce_id: envelope.id,
    ce_source: sourceOfId(envelope.id),
    ce_type: envelope.type,
    ce_time: envelope.time,
    'content-type': constantHeaders['content-type'],
    traceparent: envelope.traceparent,
    ...(envelope.tracestate === undefined ? {} : { tracestate: envelope.tracestate }),
    ...(envelope.key === undefined ? {} : { ce_partitionkey: envelope.key }),
    ce_dataversion: String(envelope.version),
    ...(correlationId === undefined ? {} : { ce_correlationid: correlationId }),
    ...(causationId === undefined ? {} : { ce_causationid: causationId }),
    ...(hops === undefined ? {} : { ce_hops: String(hops) }),
  }
}

/** The envelope of received headers; undefined if the required CloudEvents attributes are missing. */
export function envelopeOf(topic: string, headers: Record<string, string>, body: string): Envelope | undefined {
  const { ce_id: id, ce_type: type, ce_specversion: specversion, ce_time: time = '', traceparent = '' } = headers
  if (!id || !type || specversion !== constantHeaders.ce_specversion) return undefined
  const { ce_correlationid: correlationId, ce_causationid: causationId } = headers
  const hops = Number(headers.ce_hops)
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
    ...(correlationId ? { correlationId } : {}),
    ...(causationId ? { causationId } : {}),
    // What another producer wrote there may be no count.
    ...(Number.isSafeInteger(hops) && hops >= 1 ? { hops } : {}),
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

/** The trace id within a `traceparent`; empty if there is none. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? ''

/** What a caller sends of W3C trace context, level 1. */
export interface TraceHeaders {
  traceparent?: string | undefined
  tracestate?: string | undefined
}

/** The trace that is continued: one that is not valid is ignored and a new trace begun, as the standard wants. */
export function continuedTrace({ traceparent, tracestate }: TraceHeaders): {
  traceparent?: string
  tracestate?: string
} {
  if (
    traceparent === undefined ||
    !/^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/.test(traceparent)
  )
    return {}
  return tracestate === undefined || tracestate === '' || tracestate.length > 512
    ? { traceparent }
    : { traceparent, tracestate }
}
