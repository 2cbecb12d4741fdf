import { expect, test } from 'vitest'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from './consumer.ts'
import { attempted, ended, refused, row, taking } from './emissions.fixture.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'
import { sendingAfter } from './sending-after.ts'

const sends = { payment_failed: { ...paymentFailed.example, reason: 'of {{data.email}}' } }
const handling = (handler: (event: HandledEvent) => Promise<Effect | undefined>) =>
  sendingAfter({ group: 'consumer-test', handlers: { '*': handler } }, sends)

test('the event is told and published after the effect, with its cause and data, and before the cause is settled', async () => {
  const { taken, publish } = taking()
  const order: string[] = []
  const { handle, records } = openBatchHandler(
    handling(async () => {
      order.push('effect')
      return row
    }),
    {},
    {
      publish: (envelopes) => {
        order.push('publish')
        return publish(envelopes)
      },
    },
  )
  const given = delivery(7)
  expect(await handle([given])).toEqual([{ kind: 'ack' }])
  expect(order).toEqual(['effect', 'publish'])
  expect(records.map(({ kind }) => kind)).toEqual([
    ...['delivery.started', 'publish.attempted', 'publish.settled', 'delivery.ended'],
  ])
  const { email } = JSON.parse(given.envelope?.body ?? '{}')
  expect(taken).toMatchObject([{ type: 'payment_failed', causationId: given.envelope?.id, hops: 1 }])
  expect(JSON.parse(taken[0]?.body ?? '')).toMatchObject({ reason: `of ${email}` })
  expect(attempted(records)).toMatchObject([{ cause: { id: given.envelope?.id, ordinal: 1 } }])
})

test('an effect that stood already sends too, a handler that fails sends nothing', async () => {
  const { taken, publish } = taking()
  const stood = openBatchHandler(
    handling(async () => ({ ...row, suppressed: true })),
    {},
    { publish },
  )
  expect(await stood.handle([delivery(1)])).toEqual([{ kind: 'ack' }])
  expect(taken).toHaveLength(1)
  const failing = openBatchHandler(
    handling(async () => Promise.reject(new Error('no'))),
    {},
    { publish },
  )
  expect(await failing.handle([delivery(2)])).toMatchObject([{ kind: 'retry' }])
  expect(taken).toHaveLength(1)
})

test('of a batch each event that was handled sends its own', async () => {
  const { taken, publish } = taking()
  const batch = async (events: HandledEvent[]) => events.map((_, index) => (index === 0 ? new Error('no') : row))
  const { handle } = openBatchHandler(sendingAfter({ group: 'consumer-test', batch }, sends), {}, { publish })
  const [, second] = [delivery(1), delivery(2)]
  expect(await handle([delivery(1), delivery(2)])).toMatchObject([{ kind: 'retry' }, { kind: 'ack' }])
  expect(taken.map(({ causationId }) => causationId)).toEqual([second?.envelope?.id])
})

test('where the broker does not have it, the attempt fails and tells of the effect that stands', async () => {
  const { handle, records } = openBatchHandler(
    handling(async () => row),
    {},
    { publish: refused },
  )
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(ended(records)).toMatchObject([
    { outcome: 'error', error: { type: 'EmissionNotAcknowledged' }, effect: row, next: { state: 'retrying' } },
  ])
})
