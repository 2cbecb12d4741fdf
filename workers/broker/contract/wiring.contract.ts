import { expect, test } from 'vitest'
import { BrokerUnavailable } from '../broker.ts'
import { type ContractBench, until } from './bench.contract.ts'

/** Wiring and counting: B21 and B22. */
export function wiringRules(bench: ContractBench): void {
  const { connect, lab, consume, depth } = bench

  test('B21 declare repeats without effect and removes bindings that are no longer wired, of its own queues only', async () => {
    const { broker, group, topic, wiring, envelope } = await lab()
    const isBound = await bench.real.bindStranger(topic)
    await broker.publish([envelope()])
    await broker.declare(wiring)
    await connect().declare(wiring)
    const bindings = async () => (await broker.inspect()).bindings.filter((binding) => binding.group === group)
    expect(await bindings()).toEqual([{ topic, group }])
    expect((await depth(broker, group)).visible).toBe(1)
    await broker.declare({ ...wiring, groups: [{ group, types: [], topics: [] }] })
    expect(await bindings()).toEqual([])
    await broker.publish([envelope()])
    expect((await depth(broker, group)).visible).toBe(1)
    await broker.declare({ ...wiring, groups: [] })
    expect(await isBound()).toBe(true)
    await broker.declare(wiring)
    await broker.publish([envelope()])
    expect((await depth(broker, group)).visible).toBe(2)
  })

  test('B32 drop deletes what a group and a topic left behind, and nobody is owed it when they come back', async () => {
    const { broker, group, topic, wiring, envelopes } = await lab()
    await broker.publish(envelopes(3))
    await broker.declare({ topics: [], groups: [] })
    await broker.drop({ groups: [group], topics: [topic] })
    await broker.drop({ groups: [group, `${group}-never`], topics: [topic] })
    await until(
      'the queue is gone',
      async () => !(await broker.inspect()).queues.some((queue) => queue.group === group),
    )
    await broker.declare(wiring)
    await broker.publish(envelopes(2))
    expect(await depth(broker, group)).toMatchObject({ visible: 2, deadLetters: 0 })
  })

  test('B22 inspect counts what waits and what is in flight', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(7))
    expect(await depth(broker, group)).toEqual({ group, visible: 7, inFlight: 0, delayed: 0, deadLetters: 0 })
    const holder = await consume(broker, group, () => new Promise(() => undefined))
    await until('all are in flight', () => holder.subscription.inHand() === 7)
    const counted = bench.real.countsInFlight ? { visible: 0, inFlight: 7 } : { visible: 7, inFlight: 0 }
    expect(await depth(broker, group)).toMatchObject(counted)
  })

  test('B22 inspect rejects with BrokerUnavailable where the broker does not answer', async () => {
    const { broker } = await lab()
    await bench.real.kill()
    await expect(broker.inspect()).rejects.toBeInstanceOf(BrokerUnavailable)
    await bench.real.restart()
  })
}
