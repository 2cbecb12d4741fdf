import { expect, test } from 'vitest'
import type { Delivery } from '../broker.ts'
import { ack, type ContractBench, until } from './bench.contract.ts'

/** Stopping, and a broker that goes away: B18 to B20. */
export function stoppingRules(bench: ContractBench): void {
  const { connect, fresh, lab, consume, depth } = bench

  test('B18 stop lets handlers finish, gives the rest back at once and leaves nothing in flight', async () => {
    const { broker, group, envelopes } = await lab()
    await broker.publish(envelopes(60))
    let free: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    const slow = async (deliveries: Delivery[]) => {
      await held
      return ack(deliveries)
    }
    const consumer = await consume(broker, group, slow, { concurrency: 2, batchSize: 5 })
    await until('some are in flight', () => consumer.seen.length > 0)
    const stopped = consumer.subscription.stop(20_000)
    free()
    await stopped
    expect(consumer.subscription.inHand()).toBe(0)
    const handled = consumer.seen.length
    const { visible, inFlight } = await depth(broker, group)
    expect(visible + inFlight).toBe(60 - handled)
    const heir = await consume(connect(), group)
    await until('the heir has the rest', () => heir.distinct() === 60 - handled)
    expect(consumer.seen.length).toBe(handled)
  })

  test('B19 a handler that outlasts the grace time finds its message given back', async () => {
    const { broker, group, envelope } = await lab()
    await broker.publish([envelope()])
    let free: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    const slow = await consume(broker, group, async (deliveries) => {
      await held
      return ack(deliveries)
    })
    await until('it is in flight', () => slow.subscription.inHand() === 1)
    await slow.subscription.stop(50)
    expect(slow.subscription.inHand()).toBe(0)
    const heir = await consume(connect(), group, (deliveries) => deliveries.map(() => ({ kind: 'release' })))
    await until('the heir has it', () => heir.seen.length > 0)
    free()
    const before = heir.seen.length
    await until('it is still there', () => heir.seen.length > before)
  })

  test('B20 a subscription survives a broker that goes away and comes back', async () => {
    const { broker, group, envelopes } = await lab()
    const troubles: (string | undefined)[] = []
    const consumer = await consume(broker, group, ack, { onTrouble: (problem) => troubles.push(problem) })
    await until('first contact', () => troubles.length === 1)
    expect(troubles).toEqual([undefined])
    const before = envelopes(10)
    await broker.publish(before)
    await until('the first ten', () => consumer.distinct() === 10)
    await bench.real.kill()
    await until('trouble', () => troubles.length === 2)
    expect(troubles[1]).toContain(group)
    await bench.real.restart()
    await until('recovery', () => troubles.length === 3)
    expect(troubles[2]).toBeUndefined()
    await broker.publish(envelopes(10))
    await until('the next ten', () => consumer.distinct() === 20)
  })

  test('B20 a subscription may come before its queue', async () => {
    const broker = connect()
    const topic = fresh('topic')
    const group = `consumer-${topic}-early`
    const troubles: (string | undefined)[] = []
    await consume(broker, group, ack, { onTrouble: (problem) => troubles.push(problem) })
    await until('trouble', () => troubles.length === 1)
    expect(troubles[0]).toContain('does not exist')
    await broker.declare({
      topics: [{ topic, types: [topic] }],
      groups: [{ group, types: [topic], topics: [topic] }],
    })
    await until('first contact', () => troubles.at(-1) === undefined)
  })
}
