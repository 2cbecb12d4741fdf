import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { DefectName } from '#contracts/defects.ts'
import type { Settlement } from '#workers/broker/broker.ts'
import { idOf, ok, subscribed, three } from './defects.fixture.ts'
import { plantDefect } from './plant-defect.ts'

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

  it('delete-receipt-early: the receipt is deleted while the handler runs', async () => {
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

  it('lose-last-batch: what is in flight at the stop is settled as done', async () => {
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
