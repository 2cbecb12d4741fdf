import { CloudEvent, HTTP } from 'cloudevents'
import { expect, test } from 'vitest'
import {
  causeHeaderNames,
  type Envelope,
  envelopeOf,
  headerNames,
  headersOf,
  newTraceparent,
  traceIdOf,
} from './envelope.ts'

const envelope: Envelope = {
  id: 'producer-1:3:user_signup:42',
  type: 'user_signup',
  topic: 'user_signup',
  key: 'ada@example.com',
  time: '2026-01-02T03:04:05.678Z',
  traceparent: newTraceparent(),
  tracestate: 'vendor=1',
  version: 2,
  body: '{"email":"ada@example.com"}',
}

test('an envelope survives its headers', () => {
  expect(envelopeOf('user_signup', headersOf(envelope), envelope.body)).toEqual(envelope)
})

test('headers stay within the ten attributes that SQS allows, in the order in which they are shown', () => {
  expect(Object.keys(headersOf(envelope))).toEqual([...headerNames])
  expect(headerNames.length).toBeLessThanOrEqual(10)
})

test('an event that another caused names the flow, its cause and its hop behind all other headers', () => {
  const caused = { ...envelope, correlationId: 'shop-1:1:order_placed:9', causationId: 'payment-1:2:paid:4', hops: 3 }
  const headers = headersOf(caused)
  expect(Object.keys(headers)).toEqual([...headerNames, ...causeHeaderNames])
  expect(headers).toMatchObject({
    ce_correlationid: caused.correlationId,
    ce_causationid: caused.causationId,
    ce_hops: '3',
  })
  expect(envelopeOf('user_signup', headers, envelope.body)).toEqual(caused)
})

test('what another producer wrote in place of a hop is no count, and an empty id names nothing', () => {
  for (const ce_hops of ['', '0', '-1', '1.5', 'many', '1e400']) {
    const headers = { ...headersOf(envelope), ce_hops, ce_correlationid: '', ce_causationid: '' }
    expect(envelopeOf('user_signup', headers, envelope.body)).toEqual(envelope)
  }
})

test('the CloudEvents SDK reads the same event', () => {
  const headers = Object.fromEntries(
    Object.entries(headersOf(envelope)).map(([name, value]) => [name.replace(/^ce_/, 'ce-'), value]),
  )
  const event = HTTP.toEvent({ headers, body: envelope.body })
  if (!(event instanceof CloudEvent)) throw new Error('the SDK read no single event')
  expect(event.id).toBe(envelope.id)
  expect(event.type).toBe('user_signup')
  expect(event.source).toBe('/faultline/producer-1')
  expect(event.validate()).toBe(true)
})

test('headers without the required CloudEvents attributes are no envelope', () => {
  const { ce_id: _, ...rest } = headersOf(envelope)
  expect(envelopeOf('user_signup', rest, '{}')).toBeUndefined()
  expect(envelopeOf('user_signup', { ...headersOf(envelope), ce_specversion: '0.3' }, '{}')).toBeUndefined()
})

test('a new traceparent is sampled W3C trace context', () => {
  const traceparent = newTraceparent()
  expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(traceIdOf(traceparent)).toHaveLength(32)
})
