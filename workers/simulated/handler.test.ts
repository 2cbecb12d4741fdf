import { expect, test } from 'vitest'
import type { Envelope } from '#contracts/events/envelope.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import { delivery, openBatchHandler } from '#workers/runtime/consume/handle-batch.fixture.ts'
import type { Emitter } from '#workers/runtime/publish/emitter.ts'
import { simulatedHandler } from './handler.ts'
import type { SimulatedBody } from './outcome.ts'

const body = (over: Partial<SimulatedBody> = {}): SimulatedBody => ({
  ...{ kind: 'simulated', work: { fixedMs: 0 }, fails: { share: 0, errorType: 'CardDeclined' } },
  ...{ sends: {}, seed: 1 },
  ...over,
})
const order = { ...orderPlaced.example, email: '{{data.email}}' }
const sends = (delayMs = 0) => ({ order_placed: { chance: 1, delayMs, data: order } })

/** The service behind the runtime, and what reached its broker. */
function open(given: SimulatedBody, answer: () => PublishOutcome['state'] = () => 'acked', hopLimit = 32) {
  const taken: Envelope[] = []
  const publish = async (envelopes: Envelope[]): Promise<PublishOutcome[]> =>
    envelopes.map((envelope) => {
      taken.push(envelope)
      const state = answer()
      return state === 'acked' ? { state, ref: '1' } : { state, error: { type: 'NoAnswer', message: 'none' } }
    })
  const emitter: Pick<Emitter, 'publishCaused'> = {
    publishCaused: async (...args) => {
      if (opened.emitter === undefined) throw new Error('it has an emitter')
      return opened.emitter.publishCaused(...args)
    },
  }
  const handlers = { '*': simulatedHandler(given, emitter) }
  const opened = openBatchHandler({ handlers }, { attemptTimeoutMs: 10_000 }, { publish, hopLimit })
  return { taken, ...opened }
}

test('it works, and sends what the event fills in', async () => {
  const { handle, taken, lines } = open(body({ work: { fixedMs: 5 }, sends: sends() }))
  expect(await handle([delivery(1)])).toEqual([{ kind: 'ack' }])
  expect(taken).toMatchObject([{ type: 'order_placed', causationId: 'producer-1:1:user_signup:1', hops: 1 }])
  expect(JSON.parse(taken[0]?.body ?? '')).toMatchObject({ email: 'ada@example.com' })
  expect(lines[0]?.msg).toContain('→ worked 5 ms and sends order_placed')
})

test('an event with a delay is published while its cause is in flight, and distinguished from what was sent before', async () => {
  const { handle, taken, records } = open(body({ sends: sends(15) }))
  expect(await handle([delivery(1)])).toEqual([{ kind: 'ack' }])
  expect(records.map(({ kind }) => kind)).toEqual([
    ...['delivery.started', 'publish.attempted', 'publish.settled', 'delivery.ended'],
  ])
  // Delivered again: what it sent is not taken back.
  expect(await handle([delivery(1, { attempt: 2, receiveCount: 2 })])).toEqual([{ kind: 'ack' }])
  expect(taken).toHaveLength(1)
})

test('it fails with the error that it is to have, and sends nothing', async () => {
  const { handle, taken } = open(body({ fails: { share: 1, errorType: 'CardDeclined' }, sends: sends() }))
  const [settlement] = await handle([delivery(1, { attempt: 6 })])
  expect(settlement).toMatchObject({ kind: 'dead-letter', error: { type: 'CardDeclined' } })
  expect(taken).toEqual([])
})

test('an event that the broker does not take fails the attempt, at once or with a delay', async () => {
  for (const delayMs of [0, 5]) {
    const { handle, records } = open(body({ sends: sends(delayMs) }), () => 'failed')
    expect(await handle([delivery(1)])).toMatchObject([{ kind: 'retry' }])
    expect(records.at(-1)).toMatchObject({ deliveries: [{ error: { type: 'EmissionNotAcknowledged' } }] })
  }
})

test('data that its type refuses, and a flow that runs in circles, dead-letter the event', async () => {
  for (const delayMs of [0, 5]) {
    const wrong = { order_placed: { chance: 1, delayMs, data: { orderId: '{{data.none}}' } } }
    expect(await open(body({ sends: wrong })).handle([delivery(1)])).toMatchObject([
      { kind: 'dead-letter', reason: 'non_retryable', error: { type: 'InvalidEmission' } },
    ])
    const given = delivery(1)
    const envelope = { ...(given.envelope as Envelope), hops: 3 }
    const circling = open(body({ sends: sends(delayMs) }), undefined, 3)
    expect(await circling.handle([{ ...given, envelope }])).toMatchObject([{ kind: 'dead-letter', reason: 'expired' }])
    expect(circling.taken).toEqual([])
  }
})

test('waiting ends with a shutdown, in the work and before an event', async () => {
  for (const given of [body({ work: { fixedMs: 3_600_000 } }), body({ sends: sends(3_600_000) })]) {
    const { handle, interruption, taken } = open(given)
    const handling = handle([delivery(1)])
    setImmediate(() => interruption.abort(new Error('the worker is stopping')))
    expect(await handling).toEqual([{ kind: 'release' }])
    expect(taken).toEqual([])
  }
})
