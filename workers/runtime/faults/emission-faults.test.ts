import { expect, test } from 'vitest'
import type { Envelope } from '#contracts/events/envelope.ts'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from '../consume/consumer.ts'
import { delivery, openBatchHandler } from '../consume/handle-batch.fixture.ts'
import { held, openFaultsOf } from './faults.fixture.ts'
import { withHandlerFaults } from './handler-faults.ts'
import { withPublishFaults } from './publish-faults.ts'

const body = JSON.stringify(paymentFailed.example)

/** A worker whose handler sends a `payment_failed`, with faults; `sent` is what reached the broker. */
function open(...faults: HeldFault[]) {
  const sent: Envelope[] = []
  const { active } = openFaultsOf(...faults)
  const handler = async (event: HandledEvent) => {
    event.send({ type: 'payment_failed', body })
    return undefined
  }
  const consumer = withHandlerFaults({ group: 'consumer-test', handlers: { '*': handler } }, active)
  const publish = withPublishFaults(async (envelopes) => {
    sent.push(...envelopes)
    return envelopes.map(({ id }) => ({ state: 'acked', ref: id }))
  }, active)
  return { sent, ...openBatchHandler(consumer, {}, { publish }) }
}

const published = (records: TelemetryRecord[]) =>
  records.flatMap((record) => (record.kind === 'publish.attempted' ? record.messages : []))

test('a handler that fails after its work has published nothing', async () => {
  const { handle, sent } = open(held('handler.error', { params: { stage: 'after' } }))
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(sent).toEqual([])
})

test('faults of publishing take effect on what a handler sends', async () => {
  const poisoned = open(held('message.poison', { params: { variant: 'malformed', count: 1 } }))
  expect(await poisoned.handle([delivery(1), delivery(2)])).toEqual([{ kind: 'ack' }, { kind: 'ack' }])
  expect(poisoned.sent.map((envelope) => envelope.body === body)).toEqual([false, true])
  expect(published(poisoned.records).map((message) => message.body)).toEqual([body, body])

  const copied = open(held('message.duplicate', { params: { stage: 'produce', copies: 2 } }))
  expect(await copied.handle([delivery(1)])).toEqual([{ kind: 'ack' }])
  expect(copied.sent.map(({ causationId }) => causationId)).toEqual(Array(3).fill('producer-1:1:user_signup:1'))
  expect(published(copied.records)).toHaveLength(1)

  const delayed = open(held('message.reorder', { params: { windowMs: 30 } }))
  expect(await delayed.handle([delivery(1), delivery(2)])).toEqual([{ kind: 'ack' }, { kind: 'ack' }])
  expect(delayed.sent).toHaveLength(2)
})

test('an answer of the broker that is lost fails the attempt, as nobody can tell', async () => {
  const { handle, records, sent } = open(held('ack.lost', { params: { side: 'produce' } }))
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(sent).toHaveLength(1)
  expect(records.find(({ kind }) => kind === 'publish.settled')).toMatchObject({
    outcomes: [{ state: 'indeterminate' }],
  })
})
