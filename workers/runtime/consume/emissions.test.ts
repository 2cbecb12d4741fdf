import { expect, test } from 'vitest'
import { type Envelope, traceIdOf } from '#contracts/events/envelope.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import { telemetryRecords } from '#contracts/protocols/telemetry.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import type { CausedEvent } from '../publish/caused-event.ts'
import type { HandledEvent } from './consumer.ts'
import { acked, attempted, ended, failure, order, refused, rowEffect, sending, taking } from './emissions.fixture.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'

test('an event is reported before the broker is called, and its cause ends when the broker has it', async () => {
  const seen: string[] = []
  const { handle, records } = openBatchHandler(
    { handlers: { '*': sending(order) } },
    {},
    {
      publish: (envelopes) => {
        seen.push(...records.map(({ kind }) => kind), 'broker')
        return acked(envelopes)
      },
    },
  )
  expect(await handle([delivery(7)])).toEqual([{ kind: 'ack' }])
  expect(seen).toEqual(['delivery.started', 'publish.attempted', 'broker'])
  expect(records.map(({ kind }) => kind)).toEqual([
    ...['delivery.started', 'publish.attempted', 'publish.settled', 'delivery.ended'],
  ])
  expect(ended(records)).toMatchObject([{ outcome: 'ok', effect: rowEffect }])
  expect(() => telemetryRecords.parse(JSON.parse(JSON.stringify(records)))).not.toThrow()
})

test('it names flow, cause, hop, key and the span of the handler run', async () => {
  const { taken, publish } = taking()
  const { handle, records } = openBatchHandler({ handlers: { '*': sending(order, failure, order) } }, {}, { publish })
  const given = delivery(7, { attempt: 2, receiveCount: 3 })
  const first = given.envelope as Envelope
  await handle([
    given,
    { ...given, envelope: { ...first, id: 'shop-1:1:x:2', correlationId: 'shop-1:1:x:1', hops: 4 } },
  ])
  const [one, , , four] = taken
  expect(one).toMatchObject({
    ...{ id: 'consumer-test-1:7:order_placed:1', correlationId: first.id, causationId: first.id, hops: 1, version: 1 },
    ...{ key: orderPlaced.example.orderId, body: order.body, type: 'order_placed', topic: 'order_placed' },
  })
  expect(four).toMatchObject({ correlationId: 'shop-1:1:x:1', causationId: 'shop-1:1:x:2', hops: 5 })
  expect(traceIdOf(one?.traceparent ?? '')).toBe(traceIdOf(first.traceparent))
  const run = { id: first.id, group: 'consumer-test', attempt: 2, receiveCount: 3 }
  expect(attempted(records).slice(0, 2)).toMatchObject([
    { cause: { ...run, ordinal: 1 }, correlationId: first.id, hops: 1, parentSpanId: processSpanId(run) },
    { cause: { ...run, ordinal: 2 } },
  ])
  const failures = attempted(records).filter(({ type }) => type === 'payment_failed')
  expect(failures).toMatchObject([{ cause: { ...run, ordinal: 1 } }, { cause: { ordinal: 1 } }])
})

test('where the broker does not have it the attempt fails, reports its effect and is retried by the policy', async () => {
  const lost = async (): Promise<PublishOutcome[]> => [
    { state: 'indeterminate', error: { type: 'NoAnswer', message: 'none' } },
  ]
  for (const [publish, word] of [
    [refused, 'does not have it'],
    [lost, 'may have it'],
  ] as const) {
    const { handle, records, lines } = openBatchHandler(
      { handlers: { '*': sending(order) } },
      { initialIntervalMs: 1_000 },
      { publish },
    )
    expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry', delayMs: 1_000 }])
    expect(ended(records)).toMatchObject([
      { outcome: 'error', error: { type: 'EmissionNotAcknowledged' }, effect: rowEffect, next: { state: 'retrying' } },
    ])
    expect(String(lines[0]?.msg)).toContain(word)
  }
  const { handle } = openBatchHandler(
    { handlers: { '*': sending(order) } },
    { maximumAttempts: 2 },
    { publish: refused },
  )
  expect(await handle([delivery(1, { attempt: 2 })])).toMatchObject([{ kind: 'dead-letter', reason: 'max_attempts' }])
})

test('what a handler that fails has sent is not published, be it alone, in a batch or beyond its deadline', async () => {
  const { taken, publish } = taking()
  const fail = async (event: HandledEvent) => {
    event.send(order)
    throw new Error('no')
  }
  const never = (event: HandledEvent) => {
    event.send(order)
    return new Promise<never>(() => undefined)
  }
  const alone = openBatchHandler({ handlers: { '*': fail } }, {}, { publish })
  const slow = openBatchHandler({ handlers: { '*': never } }, { attemptTimeoutMs: 20 }, { publish })
  const together = openBatchHandler(
    {
      batch: async (events) => {
        for (const event of events) event.send(order)
        return events.map((_, index) => (index === 0 ? new Error('no') : rowEffect))
      },
    },
    {},
    { publish },
  )
  expect(await alone.handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(await slow.handle([delivery(2)])).toMatchObject([{ kind: 'retry' }])
  expect(taken).toEqual([])
  expect(await together.handle([delivery(3), delivery(4)])).toMatchObject([{ kind: 'retry' }, { kind: 'ack' }])
  expect(taken.map(({ causationId }) => causationId)).toEqual(['producer-1:1:user_signup:4'])
})

test('an event of no type, or whose data is not what its type says, dead-letters its cause, and nothing is sent', async () => {
  const { taken, publish } = taking()
  const cases: [CausedEvent, string, RegExp][] = [
    [{ type: 'no_such\nthing', body: '{}' }, 'UnknownEventType', /no event type no_such\\nthing/],
    [
      { type: 'order_placed', body: '{"orderId":1}' },
      'InvalidEmission',
      /order_placed cannot be published: .*email is required/,
    ],
    [{ type: 'order_placed', body: '{' }, 'InvalidEmission', /not JSON/],
    [{ ...order, key: 'a\u0000' }, 'InvalidEmission', /the key .*U\+0000/],
    [{ ...order, givenId: 'x'.repeat(501) }, 'InvalidEmission', /500 characters/],
  ]
  for (const [event, type, message] of cases) {
    const { handle, records } = openBatchHandler({ handlers: { '*': sending(failure, event) } }, {}, { publish })
    const [settlement] = await handle([delivery(1)])
    expect(settlement).toMatchObject({ kind: 'dead-letter', reason: 'non_retryable', error: { type } })
    expect(settlement?.kind === 'dead-letter' && settlement.error.message).toMatch(message)
    expect(ended(records)).toMatchObject([{ outcome: 'error', effect: rowEffect, next: { state: 'dead_lettered' } }])
  }
  expect(taken).toEqual([])
})

test('what no broker will ever take is not tried again', async () => {
  const tooLarge = async (): Promise<PublishOutcome[]> => [
    { state: 'failed', error: { type: 'MessageTooLarge', message: 'it has too many bytes' } },
  ]
  const { handle } = openBatchHandler({ handlers: { '*': sending(order) } }, {}, { publish: tooLarge })
  expect(await handle([delivery(1)])).toMatchObject([
    { kind: 'dead-letter', reason: 'non_retryable', error: { type: 'InvalidEmission' } },
  ])
})

test('an event beyond the hop limit is not sent: its cause is dead-lettered as expired, with its way', async () => {
  const { taken, publish } = taking()
  const { handle } = openBatchHandler({ handlers: { '*': sending(order) } }, {}, { publish, hopLimit: 3 })
  const at = (hops: number) => {
    const given = delivery(hops)
    const flow = { correlationId: 'shop-1:1:a:1', causationId: 'shop-1:1:b:2', hops }
    return { ...given, envelope: { ...(given.envelope as Envelope), ...flow } }
  }
  const [within, beyond] = await handle([at(2), at(3)])
  expect(within).toEqual({ kind: 'ack' })
  expect(beyond).toMatchObject({ kind: 'dead-letter', reason: 'expired', error: { type: 'HopLimitReached' } })
  expect(beyond?.kind === 'dead-letter' && beyond.error.message).toContain(
    'shop-1:1:a:1 → … → shop-1:1:b:2 → … → producer-1:1:user_signup:3 (user_signup, hop 3) → order_placed',
  )
  expect(taken).toMatchObject([{ hops: 3 }])
})

test('a second event with the same given id, type and cause is not sent again, and each keeps its ordinal', async () => {
  const taken: Envelope[] = []
  let isAway = true
  const publish = async (envelopes: Envelope[]): Promise<PublishOutcome[]> =>
    Promise.all(
      envelopes.map(async (envelope) => {
        const { type } = envelope
        if (type === 'payment_failed' && isAway) return (await refused([envelope]))[0] as PublishOutcome
        taken.push(envelope)
        return (await acked([envelope]))[0] as PublishOutcome
      }),
    )
  const named = [
    { ...order, givenId: 'a' },
    { ...order, givenId: 'b' },
    { ...failure, givenId: 'a' },
  ]
  const { handle, records } = openBatchHandler({ handlers: { '*': sending(...named) } }, {}, { publish })
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  isAway = false
  expect(await handle([delivery(1, { attempt: 2, receiveCount: 2 })])).toEqual([{ kind: 'ack' }])
  expect(taken.map(({ type }) => type)).toEqual(['order_placed', 'order_placed', 'payment_failed'])
  expect(ended(records)[1]?.suppressed).toEqual([
    { type: 'order_placed', givenId: 'a', of: 'consumer-test-1:7:order_placed:1' },
    { type: 'order_placed', givenId: 'b', of: 'consumer-test-1:7:order_placed:2' },
  ])
  expect(attempted(records).at(-1)).toMatchObject({ givenId: 'a', cause: { attempt: 2, ordinal: 1 } })
  // Another cause is another event.
  expect(await handle([delivery(2)])).toEqual([{ kind: 'ack' }])
  expect(taken).toHaveLength(6)
})

test('twice within one attempt, the second waits for the first and goes in its place where that fails', async () => {
  const calls: Envelope[][] = []
  const publish = (envelopes: Envelope[]) => (calls.push(envelopes) === 1 ? refused(envelopes) : acked(envelopes))
  const twice = sending({ ...order, givenId: 'a' }, { ...order, givenId: 'a' })
  const { handle, records } = openBatchHandler({ handlers: { '*': twice } }, {}, { publish })
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(calls.map(({ length }) => length)).toEqual([1, 1])
  expect(attempted(records)).toMatchObject([{ cause: { ordinal: 1 } }, { cause: { ordinal: 2 } }])
  expect(await handle([delivery(1, { attempt: 2 })])).toEqual([{ kind: 'ack' }])
  expect(ended(records)[1]?.suppressed).toHaveLength(2)
  expect(calls).toHaveLength(2)
})
