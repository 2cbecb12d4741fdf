import { describe, expect, it } from 'vitest'
import type { DeliveryHandler } from '#workers/broker/broker.ts'
import type { Consumer, HandledEvent } from '../consume/consumer.ts'
import type { DefectiveBroker } from './defect.ts'
import { envelopeAt, handledEvent, idOf, ok, planted, three } from './defects.fixture.ts'

describe('planted defects', () => {
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
    expect(await defect.consumer?.(consumer).batch?.([handledEvent(1), handledEvent(2)])).toEqual([
      { ...row, suppressed: true },
      undefined,
    ])
    expect(harmed).toEqual([idOf(2)])
    const single = defect.consumer?.({ group: 'g', handlers: { '*': () => Promise.reject(new Error('no')) } })
    expect(await single?.handlers?.['*']?.(handledEvent(3))).toBeUndefined()
  })

  it('skip-inbox: a second delivery has an identity that the inbox does not know', async () => {
    const { defect, harmed } = planted('skip-inbox')
    const { batch } = defect.consumer?.(consumer) ?? {}
    asked.length = 0
    await batch?.([handledEvent(1), handledEvent(3, 2)])
    await batch?.([handledEvent(1)])
    expect(asked).toEqual([idOf(1), `${idOf(3)}#2`, `${idOf(1)}#2`])
    expect(harmed).toEqual([idOf(3), idOf(1)])
  })

  it('mail-twice: one in three goes to the handler twice, and one effect is reported', async () => {
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
    const results = [await handlers?.['*']?.(handledEvent(1)), await handlers?.['*']?.(handledEvent(2))]
    expect({ sent, harmed }).toEqual({ sent: [idOf(1), idOf(1), idOf(2)], harmed: [idOf(1)] })
    expect(results.map((effect) => effect?.ref)).toEqual(['<1>', '<3>'])
  })

  it('effect-not-made: the handler is not asked, and its effect is reported', async () => {
    const { defect, harmed } = planted('effect-not-made')
    asked.length = 0
    const said = await defect.consumer?.(consumer).batch?.([handledEvent(1), handledEvent(3)])
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
  const withItems = (seq: number, attempt = 1) => ({ ...handledEvent(seq), attempt, data: { email: 'a@b.cc', items } })

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
    expect(said[0]?.envelope.time).toBe(envelopeAt(1).time)
    expect(Date.parse(said[1]?.envelope.time ?? '')).toBeGreaterThan(Date.parse(envelopeAt(2).time))
    expect(harmed).toEqual([idOf(2)])
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
      await batch?.([handledEvent(1)])
      return ok(deliveries)
    })
    expect((await inner(three)).map(({ kind }) => kind)).toEqual(['dead-letter', 'ack', 'ack'])
    expect(harmed).toEqual([idOf(1)])
  })
})
