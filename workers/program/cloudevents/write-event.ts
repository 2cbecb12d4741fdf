import { headersOf } from '#contracts/events/envelope.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import { headerValueText } from './header-text.ts'

/** A delivery as a request of the HTTP binding. */
export interface EventRequest {
  headers: Record<string, string>
  body: Buffer
}

/** `binary`: attributes are headers, the body is the data. `structured`: the body is the whole event as JSON. */
export type ContentMode = 'binary' | 'structured'

/** The request that hands an event of `group` to a program. The data goes on as it was published, byte for byte. */
export function requestOf(event: HandledEvent, group: string, mode: ContentMode): EventRequest {
  const { envelope, attempt } = event
  const attributes = attributesOf(event)
  const own = {
    traceparent: handlerTraceparent(event, group),
    ...(envelope.tracestate === undefined ? {} : { tracestate: envelope.tracestate }),
    'faultline-attempt': String(attempt),
  }
  if (mode === 'binary') {
    const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerValueText(value)])
    const body = Buffer.from(envelope.body)
    return { headers: { ...Object.fromEntries(headers), 'content-type': 'application/json', ...own }, body }
  }
  const head = JSON.stringify({ ...attributes, datacontenttype: 'application/json' }).slice(0, -1)
  const body = Buffer.from(`${head},"data":${envelope.body}}`)
  return { headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...own }, body }
}

/** Context attributes of CloudEvents 1.0 and the extensions that the lab knows. */
function attributesOf({ envelope }: HandledEvent): Record<string, string> {
  const { ce_source: source = '' } = headersOf(envelope)
  const { id, type, time, key, version, causationId, correlationId = id } = envelope
  return {
    ...{ specversion: '1.0', id, source, type },
    ...(time === '' ? {} : { time }),
    ...(key === undefined ? {} : { partitionkey: key }),
    dataversion: String(version),
    correlationid: correlationId,
    ...(causationId === undefined ? {} : { causationid: causationId }),
  }
}

/** The run of the handler as parent, so that spans of the program lie within the attempt. */
function handlerTraceparent({ envelope, attempt, receiveCount }: HandledEvent, group: string): string {
  const [version = '00', traceId = '', , flags = '01'] = envelope.traceparent.split('-')
  return `${version}-${traceId}-${processSpanId({ id: envelope.id, group, attempt, receiveCount })}-${flags}`
}
