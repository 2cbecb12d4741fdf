import type { PublishBody } from './publish-text.ts'

/** A header of the message and what it will hold. */
export interface SetHeader {
  name: string
  value: string
}

/** The headers that the producer sets, in the order of the contract. */
export function setHeaders(body: PublishBody, version: number, key: string | undefined): SetHeader[] {
  return [
    { name: 'ce_specversion', value: '1.0' },
    { name: 'ce_id', value: `producer:epoch:${body.type}:sequence, dense` },
    { name: 'ce_source', value: '/faultline/ and the producer’s name' },
    { name: 'ce_type', value: body.type },
    { name: 'ce_time', value: 'the moment of the attempt' },
    { name: 'content-type', value: 'application/json' },
    { name: 'traceparent', value: 'a new W3C trace; the caller’s where it sends one' },
    { name: 'tracestate', value: 'the caller’s, where it sends one' },
    { name: 'ce_partitionkey', value: key ?? 'none: the message has no key' },
    { name: 'ce_dataversion', value: String(version) },
  ]
}
