import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Confirmation, Delivery } from '../../broker.ts'
import { type BrokerUnderTest, until } from '../../contract/bench.contract.ts'
import { simulatorUnderTest } from '../sns-sqs.contract.ts'

let real: BrokerUnderTest

beforeAll(async () => {
  real = await simulatorUnderTest()
}, 60_000)
afterAll(() => real.stop())

/** Longer than the visibility timeout of the broker under test. */
const pauseMs = 2_500

test('B17 a retry that is asked for after the visibility timeout is not confirmed, though the queue would say yes', async () => {
  const broker = real.connect()
  const topic = 'late-retry'
  const group = 'consumer-late-retry'
  await broker.declare({
    topics: [{ topic, types: [topic] }],
    groups: [{ group, types: [topic], topics: [topic] }],
  })
  const seen: (Delivery & { at: number })[] = []
  const confirmations: Confirmation[] = []
  await broker.subscribe(
    group,
    async (deliveries) => {
      seen.push(...deliveries.map((delivery) => ({ ...delivery, at: Date.now() })))
      if (deliveries[0]?.receiveCount !== 1) return deliveries.map(() => ({ kind: 'ack' }))
      // As SIGSTOP does: no heartbeat, no answer is read, and the clock goes on.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
      return deliveries.map(() => ({ kind: 'retry', delayMs: 30_000 }))
    },
    { onSettled: (_, settlements, confirmed) => settlements[0]?.kind === 'retry' && confirmations.push(...confirmed) },
  )
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const envelope = { id: `producer-1:1:${topic}:1`, type: topic, topic, version: 1, key: 'k', traceparent, body: '{}' }
  await broker.publish([{ ...envelope, time: new Date().toISOString() }])
  await until('it is given out again', () => seen.length === 2)
  await until('the retry is answered', () => confirmations.length === 1)
  expect(confirmations).not.toContain(true)
  await broker.close()
}, 60_000)
