import { expect, test } from 'vitest'
import { headersOf } from '#contracts/events/envelope.ts'
import type { Delivery } from '../broker.ts'
import { ack, type ContractBench, until } from './bench.contract.ts'

/** Delivering: B6 to B9. */
export function deliveringRules(bench: ContractBench): void {
  const { connect, lab, consume } = bench

  test('B6 a message goes to the groups that take its type and to no other', async () => {
    const { broker, topic, groups, envelope, wiring } = await lab(2)
    const [one = '', two = ''] = groups
    await broker.declare({
      topics: [{ topic, types: [topic, 'other'] }],
      groups: wiring.groups.map((group) => ({ ...group, types: group.group === one ? [topic, 'other'] : [topic] })),
    })
    const other = envelope({ type: 'other' })
    const common = envelope()
    await broker.publish([other, common])
    const first = await consume(broker, one)
    const second = await consume(broker, two)
    await until('the first has both', () => first.seen.length === 2)
    await until('the second has one', () => second.seen.length === 1)
    expect(second.ids()).toEqual([common.id])
  })

  test('B6 subscriptions of one group share its messages', async () => {
    const { broker, group, envelopes } = await lab()
    const first = await consume(broker, group)
    const second = await consume(connect(), group)
    await broker.publish(envelopes(200))
    await until('all arrived', () => first.seen.length + second.seen.length >= 200)
    expect(new Set([...first.ids(), ...second.ids()]).size).toBe(200)
    expect(first.seen.length + second.seen.length).toBe(200)
  })

  test('B7 a delivery carries the envelope as published', async () => {
    const { broker, group, envelope } = await lab()
    const sent = envelope({
      key: 'key ✓ & <"=+%> é',
      tracestate: 'vendor=1,other=2',
      version: 3,
      body: JSON.stringify({ text: 'naïve 🚀 \u0001 & + % = \n', nested: [{ a: null }] }),
    })
    await broker.publish([sent])
    const consumer = await consume(broker, group)
    await until('it arrived', () => consumer.seen.length === 1)
    expect(consumer.seen[0]).toMatchObject({ envelope: sent, topic: sent.topic, group, attempt: 1, receiveCount: 1 })
    expect(consumer.seen[0]?.raw).toBe(sent.body)
    expect(consumer.seen[0]?.headers).toEqual(headersOf(sent))
  })

  test('B8 bytes that are not an event are delivered without an envelope', async () => {
    const { broker, group } = await lab()
    await bench.real.inject(group, '{ not json', {})
    await bench.real.inject(group, '{}', { ce_type: 'half', other: '1' })
    const consumer = await consume(broker, group)
    await until('both arrived', () => consumer.seen.length === 2)
    expect(consumer.seen.every((delivery) => delivery.envelope === undefined)).toBe(true)
    expect(new Set(consumer.seen.map((delivery) => delivery.raw))).toEqual(new Set(['{ not json', '{}']))
  })

  test('B9 no more batches at a time than concurrency, none larger than batchSize', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(100))
    const sizes: number[] = []
    let running = 0
    let most = 0
    const slow = async (deliveries: Delivery[]) => {
      running += 1
      most = Math.max(most, running)
      sizes.push(deliveries.length)
      await new Promise((resolve) => setTimeout(resolve, 15))
      running -= 1
      return ack(deliveries)
    }
    const consumer = await consume(broker, group, slow, { concurrency: 3, batchSize: 4 })
    await until('all handled', () => consumer.seen.length === 100)
    expect(most).toBeLessThanOrEqual(3)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4)
  })

  test('B9 batches grow to batchSize beyond what one receive gives', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(300))
    const sizes: number[] = []
    const slow = async (deliveries: Delivery[]) => {
      sizes.push(deliveries.length)
      await new Promise((resolve) => setTimeout(resolve, 50))
      return ack(deliveries)
    }
    const consumer = await consume(broker, group, slow, { concurrency: 1, batchSize: 40 })
    await until('all handled', () => consumer.distinct() === 300)
    expect(Math.max(...sizes)).toBeGreaterThan(10)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40)
  })
}
