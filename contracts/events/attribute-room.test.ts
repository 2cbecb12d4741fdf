import { expect, test } from 'vitest'
import { maxAttributes, packedHeaders, unpackedHeaders } from './attribute-room.ts'
import { causeHeaderNames, type Envelope, headersOf } from './envelope.ts'

const plain: Envelope = {
  ...{ id: 'shop-1:1:order_placed:1', type: 'order_placed', topic: 'order_placed', version: 1, body: '{}' },
  ...{ time: '2026-01-02T03:04:05.678Z', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
}
const optional: Partial<Envelope>[] = [
  ...[{ key: 'k' }, { tracestate: 'a=1' }, { correlationId: 'shop-1:1:a:1' }, { causationId: 'shop-1:1:b:1' }],
  { hops: 1 },
]
/** With and without each header that an event may lack. */
const shapes = Array.from({ length: 2 ** optional.length }, (_, bits) =>
  Object.assign({}, plain, ...optional.filter((_part, place) => (bits >> place) % 2 === 1)),
)

test('every event has room, and comes back as it was', () => {
  for (const envelope of shapes) {
    const headers = headersOf(envelope)
    const packed = packedHeaders(headers)
    expect(Object.keys(packed).length).toBe(Math.min(maxAttributes, Object.keys(headers).length))
    expect(unpackedHeaders(packed)).toEqual(headers)
    for (const name of causeHeaderNames) expect(packed[name]).toBe(headers[name])
  }
})

test('an event without a cause is sent as it is', () => {
  for (const envelope of shapes.filter(
    ({ hops, correlationId, causationId }) => !hops && !correlationId && !causationId,
  ))
    expect(Object.entries(packedHeaders(headersOf(envelope)))).toEqual(Object.entries(headersOf(envelope)))
})

test('what another producer wrote is neither packed nor added to', () => {
  const foreign: Record<string, string> = {
    ...headersOf({ ...plain, hops: 2, key: 'k', tracestate: 'a=1' }),
    ce_id: 'order 7',
  }
  expect(Object.keys(foreign)).toHaveLength(11)
  expect(packedHeaders(foreign)).toEqual(foreign)
  const { 'content-type': _, ...ten } = foreign
  expect(unpackedHeaders(ten)).toEqual(ten)
})

test('a header that would not come back as it was stays', () => {
  const all = headersOf({ ...plain, key: 'k', tracestate: 'a=1', hops: 2, correlationId: 'a', causationId: 'b' })
  const packed = packedHeaders({ ...all, 'content-type': 'application/xml' })
  expect(packed['content-type']).toBe('application/xml')
  expect(Object.keys(packed)).toHaveLength(11)
})
