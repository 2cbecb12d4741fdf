import { expect, test } from 'vitest'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from './consumer.ts'
import { attempted, ended, refused, rowEffect, taking } from './emissions.fixture.ts'
import { delivery, openBatchHandler } from './handle-batch.fixture.ts'
import { sendingAfter } from './sending-after.ts'

const sends = { payment_failed: { ...paymentFailed.example, reason: 'of {{data.email}}' } }
const handling = (handler: (event: HandledEvent) => Promise<Effect | undefined>) =>
  sendingAfter({ group: 'consumer-test', handlers: { '*': handler } }, sends)

test('the event is reported and published after the effect, with its cause and data, and before the cause is settled', async () => {
  const { taken, publish } = taking()
  const order: string[] = []
  const { handle, records } = openBatchHandler(
    handling(async () => {
      order.push('effect')
      return rowEffect
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

test('an effect that was there already sends too, a handler that fails sends nothing', async () => {
  const { taken, publish } = taking()
  const stood = openBatchHandler(
    handling(async () => ({ ...rowEffect, suppressed: true })),
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
  const batch = async (events: HandledEvent[]) => events.map((_, index) => (index === 0 ? new Error('no') : rowEffect))
  const { handle } = openBatchHandler(sendingAfter({ group: 'consumer-test', batch }, sends), {}, { publish })
  const [, second] = [delivery(1), delivery(2)]
  expect(await handle([delivery(1), delivery(2)])).toMatchObject([{ kind: 'retry' }, { kind: 'ack' }])
  expect(taken.map(({ causationId }) => causationId)).toEqual([second?.envelope?.id])
})

test('where the broker does not have it, the attempt fails and reports the effect that was made', async () => {
  const { handle, records } = openBatchHandler(
    handling(async () => rowEffect),
    {},
    { publish: refused },
  )
  expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  expect(ended(records)).toMatchObject([
    { outcome: 'error', error: { type: 'EmissionNotAcknowledged' }, effect: rowEffect, next: { state: 'retrying' } },
  ])
})

test('an attempt after one that failed while it sent sends without a second effect', async () => {
  const { taken, publish } = taking()
  const lab = { isAway: true, effects: 0 }
  const { handle, records } = openBatchHandler(
    handling(async () => {
      lab.effects += 1
      return rowEffect
    }),
    {},
    { publish: (envelopes) => (lab.isAway ? refused(envelopes) : publish(envelopes)) },
  )
  const first = delivery(1)
  expect(await handle([first])).toMatchObject([{ kind: 'retry' }])
  expect(await handle([{ ...first, attempt: 2, receiveCount: 2 }])).toMatchObject([{ kind: 'retry' }])
  lab.isAway = false
  expect(await handle([{ ...first, attempt: 3, receiveCount: 3 }])).toEqual([{ kind: 'ack' }])
  expect(lab.effects).toBe(1)
  expect(taken).toHaveLength(1)
  const again = { ...rowEffect, suppressed: true }
  expect(ended(records).map(({ effect }) => effect)).toEqual([rowEffect, again, again])
})

test('what is handed out again as the same attempt, or sent back as a first one, has its effect a second time', async () => {
  const { publish } = taking()
  const lab = { effects: 0, fails: false }
  const { handle } = openBatchHandler(
    handling(async () => {
      if (lab.fails) throw new Error('no')
      lab.effects += 1
      return rowEffect
    }),
    {},
    { publish },
  )
  const first = delivery(1)
  await handle([first])
  await handle([{ ...first, receiveCount: 2 }])
  expect(lab.effects).toBe(2)
  lab.fails = true
  await handle([{ ...first, receiveCount: 3 }])
  lab.fails = false
  await handle([{ ...first, attempt: 2, receiveCount: 4 }])
  expect(lab.effects, 'the attempt before had none').toBe(3)
})

test('of a batch those whose effect was made are not handled a second time', async () => {
  const lab = { isAway: true }
  const { taken, publish } = taking()
  const batches: string[][] = []
  const batch = async (events: HandledEvent[]) => {
    batches.push(events.map(({ id }) => id))
    return events.map(() => rowEffect)
  }
  const { handle, records } = openBatchHandler(
    sendingAfter({ group: 'consumer-test', batch }, sends),
    {},
    { publish: (envelopes) => (lab.isAway ? refused(envelopes) : publish(envelopes)) },
  )
  const [one, two] = [delivery(1), delivery(2)]
  await handle([one])
  lab.isAway = false
  expect(await handle([{ ...one, attempt: 2, receiveCount: 2 }, two])).toEqual([{ kind: 'ack' }, { kind: 'ack' }])
  expect(batches).toEqual([[one.envelope?.id], [two.envelope?.id]])
  expect(taken.map(({ causationId }) => causationId).sort()).toEqual([one.envelope?.id, two.envelope?.id])
  expect(ended(records).map(({ effect }) => effect)).toEqual([rowEffect, { ...rowEffect, suppressed: true }, rowEffect])
})

test('an event whose sends cannot be filled has no effect', async () => {
  const unreadable = (event: HandledEvent): HandledEvent => ({
    ...event,
    envelope: { ...event.envelope, body: 'no JSON' },
  })
  const handled: string[] = []
  const handler = async ({ id }: HandledEvent) => {
    handled.push(id)
    return rowEffect
  }
  const { handlers = {} } = handling(handler)
  const alone = openBatchHandler({ handlers: { '*': async (event) => handlers['*']?.(unreadable(event)) } })
  expect(await alone.handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
  const { batch } = sendingAfter(
    {
      group: 'consumer-test',
      batch: (events) => Promise.all(events.map(handler)),
    },
    sends,
  )
  const { publish } = taking()
  const many = openBatchHandler(
    {
      batch: async (events) =>
        (await batch?.(events.map((event, index) => (index === 0 ? unreadable(event) : event)))) ?? [],
    },
    {},
    { publish },
  )
  const second = delivery(3)
  expect(await many.handle([delivery(2), second])).toMatchObject([{ kind: 'retry' }, { kind: 'ack' }])
  expect(handled).toEqual([second.envelope?.id])
})
