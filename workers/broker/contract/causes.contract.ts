import { expect, test } from 'vitest'
import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import type { Delivery, Settlement } from '../broker.ts'
import { type ContractBench, until } from './bench.contract.ts'

const bury = (deliveries: Delivery[]): Settlement[] =>
  deliveries.map(({ attempt: attempts }) => ({
    ...{ kind: 'dead-letter', reason: 'max_attempts', attempts },
    error: { type: 'Refused', message: 'no' },
  }))

/** Every header that an event can have: more than SQS has room for. */
const full = { key: 'key ✓', tracestate: 'vendor=1,other=2', version: 3 }
const cause = { correlationId: 'shop-1:1:order_placed:7', causationId: 'payment-1:2:payment_captured:4', hops: 2 }
/** With every number of headers from those of an uncaused event to all. */
const shapes: Partial<Envelope>[] = [
  {},
  full,
  { ...full, ...cause },
  { ...cause },
  { ...cause, tracestate: full.tracestate },
  { ...cause, key: full.key, hops: 31 },
  { ...full, correlationId: cause.correlationId, causationId: cause.correlationId, hops: 1 },
  { ...full, correlationId: cause.correlationId, causationId: cause.causationId },
  { ...full, causationId: 'z' },
]

/** Causes: B29 and B30. */
export function causeRules(bench: ContractBench): void {
  const { lab, consume, depth, waitingIn } = bench

  test('B29 a cause comes with every delivery, at first, again and after a dead letter, with all other headers as they were', async () => {
    const { broker, group, envelope } = await lab()
    const sent = shapes.map((shape) => envelope(shape))
    const outcomes = await broker.publish(sent)
    expect(outcomes.map(({ state }) => state)).toEqual(sent.map(() => 'acked'))
    // Retried once, buried, sent back, done.
    let isBack = false
    const consumer = await consume(broker, group, (deliveries) =>
      deliveries.flatMap((delivery): Settlement[] => {
        if (isBack) return [{ kind: 'ack' }]
        return delivery.attempt === 1 ? [{ kind: 'retry', delayMs: 0 }] : bury([delivery])
      }),
    )
    await until('all are buried', async () => (await depth(broker, group)).deadLetters === sent.length)
    const { letters } = await broker.deadLetters.list(group, 100)
    for (const one of sent) {
      const letter = letters.find(({ note }) => note?.id === one.id)
      expect(letter?.headers).toEqual(headersOf(one))
      expect(letter?.body).toBe(one.body)
    }
    isBack = true
    const redriven = await broker.deadLetters.redrive(
      group,
      letters.map(({ ref }) => ({ ref })),
    )
    expect(redriven.map(({ state }) => state)).toEqual(sent.map(() => 'redriven'))
    await until('all are back', () => consumer.seen.length === 3 * sent.length)
    for (const one of sent) {
      const deliveries = consumer.seen.filter(({ envelope: { id } = { id: '' } }) => id === one.id)
      expect(deliveries).toHaveLength(3)
      for (const delivery of deliveries) {
        expect(delivery.headers).toEqual(headersOf(one))
        expect(delivery).toMatchObject({ envelope: one, raw: one.body })
      }
    }
    await until('nothing is left', async () => (await waitingIn(broker, group)) === 0)
  })

  test('B29 a redriven event with other headers keeps its cause', async () => {
    const { broker, group, envelope } = await lab()
    const sent = envelope({ ...full, ...cause })
    await broker.publish([sent])
    let isBack = false
    const consumer = await consume(broker, group, (deliveries) =>
      isBack ? deliveries.map(() => ({ kind: 'ack' })) : bury(deliveries),
    )
    await until('it is buried', async () => (await depth(broker, group)).deadLetters === 1)
    isBack = true
    const [letter] = (await broker.deadLetters.list(group, 10)).letters
    const request = {
      ref: letter?.ref ?? '',
      body: '{"n":0}',
      headers: { ce_dataversion: '4', ce_partitionkey: 'other' },
    }
    expect(await broker.deadLetters.redrive(group, [request])).toEqual([{ state: 'redriven' }])
    await until('it is back', () => consumer.seen.length === 2)
    expect(consumer.seen[1]?.headers).toEqual({ ...headersOf(sent), ...request.headers })
  })

  test('B30 an id of a cause that not every broker carries is failed before anything is sent', async () => {
    const { broker, group, envelope } = await lab()
    const sent = [
      envelope({ ...cause, causationId: 'a\u0001' }),
      envelope({ ...cause, correlationId: 'a\ud83d' }),
      envelope(cause),
    ]
    const outcomes = await broker.publish(sent)
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'failed', 'acked'])
    for (const outcome of outcomes.slice(0, 2)) expect(outcome).toMatchObject({ error: { type: 'InvalidText' } })
    const consumer = await consume(broker, group)
    await until('the other is delivered', () => consumer.seen.length === 1)
    expect(consumer.ids()).toEqual([sent[2]?.id])
  })

  test('B30 the ids of a cause count to the size of a message', async () => {
    const { broker, envelope } = await lab()
    const long = envelope({ ...cause, correlationId: `shop-1:1:${'x'.repeat(1_100_000)}:1` })
    const [first, second] = await broker.publish([long, envelope(cause)])
    expect(first).toMatchObject({ state: 'failed', error: { type: 'MessageTooLarge' } })
    expect(second?.state).toBe('acked')
  })

  test('B27 what another producer wrote under the names of causes stays as it is', async () => {
    const { broker, group, topic } = await lab()
    const given = { ce_specversion: '1.0', ce_id: 'z', ce_type: topic }
    const causes = { ce_causationid: 'y', ce_correlationid: 'x', ce_hops: 'many' }
    const more = Object.fromEntries([1, 2, 3, 4].map((n) => [`x-${n}`, `${n}`]))
    const wrote = [
      { ...given, ...causes },
      { ...given, ...causes, ...more },
    ]
    for (const headers of wrote) await bench.real.inject(group, '{}', headers)
    let isBack = false
    const consumer = await consume(broker, group, (deliveries) =>
      isBack ? deliveries.map(() => ({ kind: 'ack' })) : bury(deliveries),
    )
    await until('both are buried', async () => (await depth(broker, group)).deadLetters === 2)
    isBack = true
    const { letters } = await broker.deadLetters.list(group, 10)
    await broker.deadLetters.redrive(
      group,
      letters.map(({ ref }) => ({ ref })),
    )
    await until('both are back', () => consumer.seen.length === 4)
    const inOrder = (all: Record<string, string>[]) =>
      all.toSorted((a, b) => Object.keys(a).length - Object.keys(b).length)
    expect(inOrder(letters.map(({ headers }) => headers))).toEqual(wrote)
    expect(inOrder(consumer.seen.slice(2).map(({ headers }) => headers))).toEqual(wrote)
    expect(consumer.seen[0]?.envelope).toMatchObject({ correlationId: 'x', causationId: 'y' })
  })
}
