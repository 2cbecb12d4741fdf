import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { DefectName } from '#contracts/defects.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Delivery, DeliveryHandler, PublishOutcome, Settlement, SubscribeOptions } from '#workers/broker/broker.ts'
import type { Consumer, HandledEvent } from '../consume/consumer.ts'
import { delivery } from '../consume/handle-batch.fixture.ts'
import type { DefectiveBroker } from './defect.ts'
import { workerDefects } from './defect-list.ts'
import { plantDefect } from './plant-defect.ts'

const ok = async (deliveries: Delivery[]): Promise<Settlement[]> => deliveries.map(() => ({ kind: 'ack' }))
const three = [1, 2, 3].map((seq) => delivery(seq, { type: 'order_placed' }))
const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`
const envelopeOf = (seq: number) => {
  const { envelope } = delivery(seq, { type: 'order_placed' })
  if (!envelope) throw new Error('the fixture has an envelope')
  return envelope
}

/** A defect with what it says of its harm, around a broker that does what the test says. */
function planted(name: keyof typeof workerDefects) {
  const harmed: string[] = []
  const mended: string[] = []
  const defect = workerDefects[name]({
    harmed: (...ids) => harmed.push(...ids),
    mended: (...ids) => mended.push(...ids),
  })
  return { harmed, mended, defect }
}

/** Subscribes `handle` behind the defect; resolves with what the broker is given. */
async function subscribed(name: keyof typeof workerDefects, handle: DeliveryHandler, options?: SubscribeOptions) {
  const around = planted(name)
  let given: { handle: DeliveryHandler; options: SubscribeOptions } | undefined
  const stops: number[] = []
  const broker: DefectiveBroker = {
    publish: async () => [],
    async subscribe(_, inner, innerOptions = {}) {
      given = { handle: inner, options: innerOptions }
      return { stop: async (graceMs) => void stops.push(graceMs), inHand: () => 0 }
    },
  }
  const defective = around.defect.broker?.(broker) ?? broker
  const subscription = await defective.subscribe('consumer-db', handle, options)
  if (!given) throw new Error('the broker was not subscribed to')
  return { ...around, ...given, subscription, stops }
}

const event = (seq: number, receiveCount = 1): HandledEvent => ({
  ...{ id: idOf(seq), type: 'order_placed', data: {}, envelope: envelopeOf(seq), attempt: 1, receiveCount },
  ...{
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    say: () => undefined,
    acted: () => undefined,
    send: () => undefined,
    reported: () => undefined,
  },
})

describe('planted defects', () => {
  it('plant nothing in a worker that is not meant', () => {
    const broker = { publish: async () => [], subscribe: () => Promise.reject(new Error('unused')) }
    const options = { instance: 'consumer-db-1', now: Date.now, log: pino({ level: 'silent' }) }
    const meant = { name: 'retry-early' as DefectName, service: 'consumer-email', log: undefined }
    for (const value of [undefined, meant]) {
      expect(plantDefect({ ...options, planted: value, service: 'consumer-db' }).broker(broker)).toBe(broker)
    }
    expect(plantDefect({ ...options, planted: meant, service: 'consumer-email' }).broker(broker)).not.toBe(broker)
  })

  it('commit-before-handling: handlers see what the broker has confirmed', async () => {
    const seen: string[] = []
    const { handle, options, harmed } = await subscribed('commit-before-handling', async (deliveries) => {
      seen.push(...deliveries.map(({ envelope: { id = '' } = {} }) => id))
      return ok(deliveries)
    })
    expect(await handle(three)).toEqual(three.map(() => ({ kind: 'ack' })))
    expect(seen).toEqual([])
    options.onSettled?.(three, await ok(three), [true, false, true])
    expect(harmed).toEqual([idOf(1), idOf(3)])
    await expect.poll(() => seen).toEqual([idOf(1), idOf(3)])
  })

  it('delete-receipt-early: the broker is told while the handler runs', async () => {
    let finish: (said: Settlement[]) => void = () => undefined
    const running = new Promise<Settlement[]>((resolve) => {
      finish = resolve
    })
    const { handle, options, harmed, mended } = await subscribed('delete-receipt-early', () => running)
    const said = await handle(three)
    options.onSettled?.(three, said, [true, true, true])
    expect(harmed).toHaveLength(3)
    finish([{ kind: 'ack' }, { kind: 'release' }, { kind: 'ack' }])
    await expect.poll(() => mended).toEqual([idOf(1), idOf(3)])
  })

  it('lose-last-batch: what is in hand at the stop is told to be done', async () => {
    const { handle, harmed, subscription, stops } = await subscribed(
      'lose-last-batch',
      () => new Promise(() => undefined),
    )
    const said = handle(three)
    await subscription.stop(5_000)
    expect(await said).toEqual(three.map(() => ({ kind: 'ack' })))
    expect({ harmed, stops }).toEqual({ harmed: [idOf(1), idOf(2), idOf(3)], stops: [5_000] })
  })

  it('drop-on-rebalance: one in three after a rebalance is not handled, and before it all are', async () => {
    const seen: string[] = []
    const { handle, options, harmed } = await subscribed('drop-on-rebalance', async (deliveries) => {
      seen.push(...deliveries.map(({ envelope: { id = '' } = {} }) => id))
      return deliveries.map(() => ({ kind: 'release' }))
    })
    await handle(three)
    expect(seen).toHaveLength(3)
    options.onAssigned?.({ at: 1, memberId: 'm', generation: 2, partitions: [], reason: 'rebalanced' })
    expect((await handle(three)).map(({ kind }) => kind)).toEqual(['ack', 'release', 'release'])
    expect({ harmed, count: seen.length }).toEqual({ harmed: [idOf(1)], count: 5 })
  })

  it('retry-early: the broker is asked for no delay', async () => {
    const { handle, harmed } = await subscribed('retry-early', async () => [
      { kind: 'ack' },
      { kind: 'retry', delayMs: 5_000, mode: 'retry-topic' },
    ])
    expect(await handle(three.slice(0, 2))).toEqual([
      { kind: 'ack' },
      { kind: 'retry', delayMs: 0, mode: 'retry-topic' },
    ])
    expect(harmed).toEqual([idOf(2)])
  })

  it('deliver-phantom: the handler gets one more, of which the broker hears nothing', async () => {
    const seen: string[] = []
    const { handle, harmed } = await subscribed('deliver-phantom', async (deliveries) => {
      seen.push(...deliveries.map(({ envelope: { id = '' } = {} }) => id))
      return ok(deliveries)
    })
    expect(await handle(three)).toHaveLength(3)
    expect(harmed).toEqual(['producer-999:1:order_placed:1'])
    expect(seen).toEqual([idOf(1), idOf(2), idOf(3), ...harmed])
  })

  it('ack-unsent: what failed is told as acknowledged, what is indeterminate stays so', async () => {
    const { defect, harmed } = planted('ack-unsent')
    const error = { type: 'Refused', message: 'nobody listens' }
    const outcomes: PublishOutcome[] = [
      { state: 'failed', error },
      { state: 'indeterminate', error },
    ]
    const broker: DefectiveBroker = {
      publish: async () => outcomes,
      subscribe: () => Promise.reject(new Error('unused')),
    }
    const told = await defect.broker?.(broker).publish([envelopeOf(1), envelopeOf(2)])
    expect(told?.map(({ state }) => state)).toEqual(['acked', 'indeterminate'])
    expect(harmed).toEqual([idOf(1)])
  })

  it('telemetry-twice: deliveries are reported again, gauges are not', () => {
    const { defect, harmed } = planted('telemetry-twice')
    const written: string[] = []
    const { write } =
      defect.telemetry?.({ write: (records) => void written.push(...records.map(({ kind }) => kind)) }) ?? {}
    const who = { at: 1, group: 'consumer-db', instance: 'consumer-db-1' }
    const run = { id: idOf(1), attempt: 1, receiveCount: 1, startedAt: 1, endedAt: 2, outcome: 'ok' as const }
    const records: TelemetryRecord[] = [
      { kind: 'delivery.ended', ...who, deliveries: [run] },
      { kind: 'delivery.settled', ...who, settlement: 'acked', ids: [idOf(1)] },
    ]
    write?.(records)
    expect(written).toEqual(['delivery.ended', 'delivery.settled', 'delivery.ended'])
    expect(harmed).toEqual([idOf(1)])
  })

  const row = { kind: 'row' as const, ref: 'orders/1' }
  const asked: string[] = []
  const consumer: Consumer = {
    group: 'consumer-db',
    async batch(events) {
      asked.push(...events.map(({ id }) => id))
      return events.map(({ id }) => (id === idOf(2) ? new Error('no') : { ...row, suppressed: true }))
    },
  }

  it('swallow-error: an error becomes success without an effect', async () => {
    const { defect, harmed } = planted('swallow-error')
    expect(await defect.consumer?.(consumer).batch?.([event(1), event(2)])).toEqual([
      { ...row, suppressed: true },
      undefined,
    ])
    expect(harmed).toEqual([idOf(2)])
    const single = defect.consumer?.({ group: 'g', handlers: { '*': () => Promise.reject(new Error('no')) } })
    expect(await single?.handlers?.['*']?.(event(3))).toBeUndefined()
  })

  it('skip-inbox: a second delivery has an identity that the inbox does not know', async () => {
    const { defect, harmed } = planted('skip-inbox')
    const { batch } = defect.consumer?.(consumer) ?? {}
    asked.length = 0
    await batch?.([event(1), event(3, 2)])
    await batch?.([event(1)])
    expect(asked).toEqual([idOf(1), `${idOf(3)}#2`, `${idOf(1)}#2`])
    expect(harmed).toEqual([idOf(3), idOf(1)])
  })

  it('mail-twice: one in three goes to the handler twice, and one effect is told', async () => {
    const { defect, harmed } = planted('mail-twice')
    const sent: string[] = []
    const { handlers } =
      defect.consumer?.({
        group: 'consumer-email',
        handlers: {
          async '*'({ id }) {
            sent.push(id)
            return { kind: 'email', ref: `<${sent.length}>` }
          },
        },
      }) ?? {}
    const told = [await handlers?.['*']?.(event(1)), await handlers?.['*']?.(event(2))]
    expect({ sent, harmed }).toEqual({ sent: [idOf(1), idOf(1), idOf(2)], harmed: [idOf(1)] })
    expect(told.map((effect) => effect?.ref)).toEqual(['<1>', '<3>'])
  })

  it('effect-not-made: the handler is not asked, and its effect is told', async () => {
    const { defect, harmed } = planted('effect-not-made')
    asked.length = 0
    const said = await defect.consumer?.(consumer).batch?.([event(1), event(3)])
    expect(said).toMatchObject([{ kind: 'row', ref: `never made for ${idOf(1)}` }, row])
    expect({ asked, harmed }).toEqual({ asked: [idOf(3)], harmed: [idOf(1)] })
  })

  const said: HandledEvent[] = []
  const listener: Consumer = {
    group: 'consumer-db',
    async batch(events) {
      said.push(...events)
      return events.map(() => row)
    },
  }
  const items = [
    { sku: 'a', qty: 1, price: 2 },
    { sku: 'b', qty: 3, price: 4 },
  ]
  const withItems = (seq: number, attempt = 1) => ({ ...event(seq), attempt, data: { email: 'a@b.cc', items } })

  it.each([
    ['wrong-recipient', { email: 'stranger@example.net', items }],
    [
      'swap-columns',
      {
        email: 'a@b.cc',
        items: [
          { sku: 'a', qty: 2, price: 1 },
          { sku: 'b', qty: 4, price: 3 },
        ],
      },
    ],
    ['drop-child-rows', { email: 'a@b.cc', items: items.slice(0, 1) }],
  ] as const)('%s: the handler is given other data, and the log names whose', async (name, data) => {
    const { defect, harmed } = planted(name)
    said.length = 0
    await defect.consumer?.(listener).batch?.([withItems(1), withItems(2)])
    expect(said.map((one) => one.data)).toEqual([data, { email: 'a@b.cc', items }])
    expect(JSON.parse(said[0]?.envelope.body ?? '')).toEqual(data)
    expect(harmed).toEqual([idOf(1)])
  })

  it('late-update: a retry has a time of its own', async () => {
    const { defect, harmed } = planted('late-update')
    said.length = 0
    await defect.consumer?.(listener).batch?.([withItems(1), withItems(2, 2)])
    expect(said[0]?.envelope.time).toBe(envelopeOf(1).time)
    expect(Date.parse(said[1]?.envelope.time ?? '')).toBeGreaterThan(Date.parse(envelopeOf(2).time))
    expect(harmed).toEqual([idOf(2)])
  })

  it('alter-body: what is sent is not what was to be sent', async () => {
    const { defect, harmed } = planted('alter-body')
    const sent: string[] = []
    const broker: DefectiveBroker = {
      async publish(envelopes) {
        sent.push(...envelopes.map(({ body }) => body))
        return []
      },
      subscribe: () => Promise.reject(new Error('unused')),
    }
    const bodies = ['{"email":"a@b.cc"}', '{"email":"c@d.ee"}']
    await defect.broker?.(broker).publish(bodies.map((body, index) => ({ ...envelopeOf(index + 1), body })))
    expect(sent).toEqual(['{"email":"altered@example.net"}', bodies[1]])
    expect(harmed).toEqual([idOf(1)])
  })

  it('dead-letter-delivered: what the inbox has becomes a dead letter', async () => {
    const { defect, harmed } = planted('dead-letter-delivered')
    const { batch } = defect.consumer?.(consumer) ?? {}
    let inner: DeliveryHandler = ok
    const broker: DefectiveBroker = {
      publish: async () => [],
      async subscribe(_, handle) {
        inner = handle
        return { stop: async () => undefined, inHand: () => 0 }
      },
    }
    await defect.broker?.(broker).subscribe('consumer-db', async (deliveries) => {
      await batch?.([event(1)])
      return ok(deliveries)
    })
    expect((await inner(three)).map(({ kind }) => kind)).toEqual(['dead-letter', 'ack', 'ack'])
    expect(harmed).toEqual([idOf(1)])
  })

  const acks: DefectiveBroker = {
    publish: async (envelopes) => envelopes.map(({ id }): PublishOutcome => ({ state: 'acked', ref: id })),
    subscribe: () => Promise.reject(new Error('unused')),
  }
  const sequence = { producer: 'producer-1', epoch: 1, topic: 'order_placed' }

  it('skip-number: one in three is neither sent nor told of, and answered as acknowledged', async () => {
    const { defect, harmed } = planted('skip-number')
    const written: TelemetryRecord[] = []
    const { write } = defect.telemetry?.({ write: (records) => void written.push(...records) }) ?? {}
    const message = { type: 'order_placed', version: 1, traceparent: '', time: '', body: '{}' }
    write?.([
      { kind: 'publish.attempted', at: 1, ...sequence, messages: [1, 2, 3].map((seq) => ({ seq, ...message })) },
      { kind: 'publish.settled', at: 2, ...sequence, outcomes: [{ seq: 2, state: 'acked' }] },
    ])
    expect(written).toMatchObject([{ messages: [{ seq: 1 }, { seq: 3 }] }])
    expect(await defect.broker?.(acks).publish([1, 2, 3].map(envelopeOf))).toEqual([
      { state: 'acked', ref: idOf(1) },
      { state: 'acked', ref: 'never sent' },
      { state: 'acked', ref: idOf(3) },
    ])
    expect(harmed).toEqual([idOf(2)])
  })

  it('burst-lies: its last figures have more messages than it made', () => {
    const { defect, harmed } = planted('burst-lies')
    const written: TelemetryRecord[] = []
    const { write } = defect.telemetry?.({ write: (records) => void written.push(...records) }) ?? {}
    const figures = {
      ...{ kind: 'burst.progress' as const, at: 1, burstId: 'burst-1', attempted: 4, acked: 4, failed: 0 },
      ...{ indeterminate: 0, achievedPerSecond: 1, ackP50Ms: 1, ackP99Ms: 1, keysUsed: 0, elapsedMs: 1 },
    }
    write?.([
      { ...figures, state: 'running' },
      { ...figures, state: 'done' },
    ])
    expect(written).toMatchObject([{ attempted: 4 }, { attempted: 9, acked: 9 }])
    expect(harmed).toEqual(['burst-1'])
  })

  it('reuse-epoch: a process that was granted another publishes under the first', async () => {
    const { defect, harmed } = planted('reuse-epoch')
    expect(defect.epoch?.(1)).toBe(1)
    await defect.broker?.(acks).publish([envelopeOf(1)])
    expect(harmed).toEqual([])
    expect(defect.epoch?.(2)).toBe(1)
    await defect.broker?.(acks).publish([envelopeOf(1)])
    expect(harmed).toEqual([idOf(1)])
  })

  it('ack-while-running: a slow handler is taken for one that is done, a fast one is waited for', async () => {
    let finish: (said: Settlement[]) => void = () => undefined
    const running = new Promise<Settlement[]>((resolve) => {
      finish = resolve
    })
    const { handle, options, harmed, mended } = await subscribed('ack-while-running', () => running)
    const said = await handle(three)
    expect(said).toEqual(three.map(() => ({ kind: 'ack' })))
    options.onSettled?.(three, said, [true, true, true])
    expect(harmed).toHaveLength(3)
    finish([{ kind: 'ack' }, { kind: 'release' }, { kind: 'ack' }])
    await expect.poll(() => mended).toEqual([idOf(1), idOf(3)])
    const fast = await subscribed('ack-while-running', ok)
    fast.options.onSettled?.(three, await fast.handle(three), [true, true, true])
    expect(fast.harmed).toEqual([])
  })
})
