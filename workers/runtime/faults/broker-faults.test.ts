import { expect, test } from 'vitest'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { Broker, Delivery, DeliveryHandler, PublishOutcome, Settlement } from '#workers/broker/broker.ts'
import { withBrokerFaults } from './broker-faults.ts'
import { held, openFaultsOf } from './faults.fixture.ts'

const envelope = (seq: number): Envelope => ({
  ...{ id: `producer-1:1:order_placed:${seq}`, type: 'order_placed', topic: 'order_placed', version: 1 },
  ...{ time: '2026-01-01T00:00:00Z', traceparent: '', body: `{"orderId":"o-${seq}"}` },
})
const delivery = (seq: number): Delivery => ({
  ...{ topic: 'order_placed', group: 'g', envelope: envelope(seq), raw: '', headers: {} },
  ...{ attempt: 1, receiveCount: 1, receivedAt: 1 },
})

/** A broker that notes what it is given, behind the faults. */
function open(faults: HeldFault[], answer: (id: string) => PublishOutcome = (id) => ({ state: 'acked', ref: id })) {
  const sent: Envelope[] = []
  let deliver: DeliveryHandler = async () => []
  const broker: Pick<Broker, 'publish' | 'subscribe'> = {
    async publish(envelopes) {
      sent.push(...envelopes)
      return envelopes.map(({ id }) => answer(id))
    },
    async subscribe(_group, handle) {
      deliver = handle
      return { stop: async () => undefined, inHand: () => 0 }
    },
  }
  const { active, records } = openFaultsOf(...faults)
  return { sent, records, broker: withBrokerFaults(broker, active), deliver: (batch: Delivery[]) => deliver(batch) }
}
const ids = (envelopes: Envelope[]): string[] => envelopes.map(({ id }) => id)

test('poison damages so many bodies as asked, keeps the headers, and says which', async () => {
  for (const variant of ['malformed', 'schema'] as const) {
    const { broker, sent, records } = open([held('message.poison', { params: { variant, count: 2 } })])
    const outcomes = await broker.publish([1, 2, 3].map(envelope))
    expect(outcomes.map(({ state }) => state)).toEqual(['acked', 'acked', 'acked'])
    expect(ids(sent)).toEqual([1, 2, 3].map((seq) => envelope(seq).id))
    expect(sent.map(({ body }, index) => body === envelope(index + 1).body)).toEqual([false, false, true])
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    expect(parses(sent[0]?.body ?? '')).toBe(variant === 'schema')
    expect(records[0]).toMatchObject({ hits: 1, messages: [envelope(1).id] })
  }
})

test('copies go out under the same identity, and only the originals are answered', async () => {
  const { broker, sent } = open([held('message.duplicate', { params: { stage: 'produce', copies: 2 } })])
  const outcomes = await broker.publish([1, 2].map(envelope))
  expect(outcomes).toHaveLength(2)
  expect(ids(sent).sort()).toEqual([1, 1, 1, 2, 2, 2].map((seq) => envelope(seq).id))
})

test('reordered messages go out in another order, the same one on every run, each answered in its place', async () => {
  const orderOf = async (): Promise<string[]> => {
    const { broker, sent } = open([held('message.reorder', { seed: 4, params: { windowMs: 120 } })])
    const outcomes = await broker.publish([1, 2, 3, 4, 5, 6].map(envelope))
    expect(outcomes.map((outcome) => 'ref' in outcome && outcome.ref)).toEqual(
      [1, 2, 3, 4, 5, 6].map((seq) => envelope(seq).id),
    )
    return ids(sent)
  }
  const order = await orderOf()
  expect(order).not.toEqual([1, 2, 3, 4, 5, 6].map((seq) => envelope(seq).id))
  expect(await orderOf()).toEqual(order)
})

test('a lost acknowledgement is indeterminate and the broker has the message; what certainly failed stays failed', async () => {
  const error = { type: 'ECONNREFUSED', message: 'nobody there' }
  const { broker, sent } = open([held('ack.lost', { params: { side: 'produce' } })], (id) =>
    id.endsWith(':2') ? { state: 'failed', error } : { state: 'acked', ref: id },
  )
  const outcomes = await broker.publish([1, 2].map(envelope))
  expect(outcomes.map(({ state }) => state)).toEqual(['indeterminate', 'failed'])
  expect(sent).toHaveLength(2)
})

test('a consumer whose acknowledgements are lost handles everything and settles nothing', async () => {
  const { broker, deliver, records } = open([held('ack.lost', { params: { side: 'consume' } })])
  const handled: number[] = []
  await broker.subscribe('g', async (batch) => {
    handled.push(batch.length)
    return batch.map((): Settlement => ({ kind: 'ack' }))
  })
  expect(await deliver([delivery(1), delivery(2)])).toEqual([{ kind: 'withheld' }, { kind: 'withheld' }])
  expect(handled).toEqual([2])
  expect(records[0]?.hits).toBe(1)
})

test('a copy at the consumer is another delivery; what becomes of the message is the word of the first', async () => {
  const { broker, deliver } = open([
    held('message.duplicate', { eventType: 'order_placed', params: { stage: 'consume', copies: 2 } }),
  ])
  const seen: number[] = []
  await broker.subscribe('g', async (batch) => {
    seen.push(...batch.map(({ receiveCount }) => receiveCount))
    return batch.map((): Settlement => (seen.length === 1 ? { kind: 'ack' } : { kind: 'release' }))
  })
  expect(await deliver([delivery(1)])).toEqual([{ kind: 'ack' }])
  expect(seen).toEqual([1, 2, 3])
})

test('without faults the broker is called as it is, also for other event types', async () => {
  const { broker, sent, records } = open([held('message.poison', { eventType: 'user_signup' })])
  await broker.publish([1, 2].map(envelope))
  expect(sent).toEqual([1, 2].map(envelope))
  expect(records).toEqual([])
})
