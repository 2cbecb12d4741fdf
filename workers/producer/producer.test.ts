import { expect, test } from 'vitest'
import type { BurstProgressRecord, TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { BurstPlan } from '#contracts/protocols/worker.ts'
import type { Broker, PublishOutcome } from '#workers/broker/broker.ts'
import { createProducer } from './producer.ts'

/** A producer over a broker that the test answers for; `order` holds what happened, in order. */
function lab(publish?: Broker['publish']) {
  const records: TelemetryRecord[] = []
  const order: string[] = []
  const calls: { ids: string[]; settle: (state: PublishOutcome['state']) => void }[] = []
  const outcome = (state: PublishOutcome['state'], id: string): PublishOutcome =>
    state === 'acked' ? { state, ref: `ref of ${id}` } : { state, error: { type: 'Refused', message: 'no' } }
  const producer = createProducer({
    broker: {
      publish:
        publish ??
        ((envelopes) => {
          order.push('broker')
          return new Promise((resolve) => {
            const ids = envelopes.map(({ id }) => id)
            calls.push({ ids, settle: (state) => resolve(ids.map((id) => outcome(state, id))) })
          })
        }),
    },
    report: (batch) => {
      for (const record of batch) order.push(record.kind)
      records.push(...batch)
    },
    producer: 'producer-1',
    epoch: 3,
    brokerName: 'redis',
    now: Date.now,
  })
  const ofKind = <Kind extends TelemetryRecord['kind']>(kind: Kind) =>
    records.filter((record): record is Extract<TelemetryRecord, { kind: Kind }> => record.kind === kind)
  return { producer, records, order, calls, ofKind }
}

const acking: Broker['publish'] = async (envelopes) => envelopes.map(({ id }) => ({ state: 'acked', ref: id }))
const event = (topic = 'user_signup') => ({ type: topic, topic, version: 1, body: '{"email":"a@example.com"}' })
const plan = (over: Partial<BurstPlan>): BurstPlan => ({
  burstId: 'b1',
  type: 'user_signup',
  topic: 'user_signup',
  version: 1,
  keyField: 'email',
  schema: { properties: { email: { type: 'string', format: 'email' } } },
  data: '{"email":"ada@example.com"}',
  ratePerSecond: 10_000,
  ...over,
})

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Sequence numbers of all attempts of a topic. */
const seqs = (records: TelemetryRecord[], topic: string) =>
  records.flatMap((record) =>
    record.kind === 'publish.attempted' && record.topic === topic ? record.messages.map(({ seq }) => seq) : [],
  )
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

test('a burst makes its messages at its rate, and its last figures are complete', async () => {
  const { producer, records, ofKind } = lab(acking)
  producer.startBurst(plan({ count: 500, ratePerSecond: 2_000, keys: 7 }))
  const last = () => ofKind('burst.progress').at(-1)
  await until(() => last()?.state === 'done')
  expect(last()).toMatchObject({ attempted: 500, acked: 500, failed: 0, indeterminate: 0, keysUsed: 7 })
  // 500 arrivals at 2,000/s: the last is due 249.5 ms after the first. It can be later, never earlier.
  expect(last()?.elapsedMs).toBeGreaterThanOrEqual(249)
  expect(last()?.ackP99Ms).toBeGreaterThanOrEqual(0)
  expect(seqs(records, 'user_signup')).toEqual(upTo(500))
  const messages = ofKind('publish.attempted').flatMap((record) => record.messages)
  expect(new Set(messages.map(({ key }) => key)).size).toBe(7)
  expect(messages.every(({ burstId }) => burstId === 'b1')).toBe(true)
  expect(new Set(messages.map(({ traceparent }) => traceparent)).size).toBe(500)
})

test('a burst over a duration ends with it, and says what it could not make', async () => {
  const { producer, calls, ofKind } = lab()
  producer.startBurst(plan({ durationMs: 200, ratePerSecond: 100_000 }))
  await until(() => producer.outstanding() > 400)
  await until(() => ofKind('burst.progress').some(({ elapsedMs }) => elapsedMs > 200))
  // 20,000 arrivals were due; the bound on what may be on the way let about 500 of them happen.
  const attempted = calls.reduce((sum, { ids }) => sum + ids.length, 0)
  expect(attempted).toBeLessThanOrEqual(500)
  for (const call of calls) call.settle('indeterminate')
  await until(() => ofKind('burst.progress').at(-1)?.state === 'done')
  expect(ofKind('burst.progress').at(-1)).toMatchObject({
    attempted,
    acked: 0,
    indeterminate: attempted,
    ackP50Ms: null,
  })
})

test('a stopped burst waits for what is on the way and reports itself stopped', async () => {
  const { producer, calls, ofKind } = lab()
  producer.startBurst(plan({ count: 1_000_000 }))
  await until(() => calls.length > 3)
  producer.stopBurst('b1')
  const made = calls.length
  const reported = ofKind('burst.progress').length
  await until(() => ofKind('burst.progress').length > reported)
  expect(ofKind('burst.progress').every(({ state }) => state === 'running')).toBe(true)
  for (let done = 0; done < calls.length; done += 1) calls[done]?.settle('acked')
  await until(() => ofKind('burst.progress').at(-1)?.state === 'stopped')
  const { attempted, acked } = ofKind('burst.progress').at(-1) as BurstProgressRecord
  expect(acked).toBe(attempted)
  expect(calls.length).toBeLessThanOrEqual(made + 1)
})

test('single events go before those of a burst, and several bursts run side by side', async () => {
  const { producer, calls, ofKind, records } = lab()
  producer.startBurst(plan({ burstId: 'b1', count: 100_000, ratePerSecond: 100_000 }))
  producer.startBurst(plan({ burstId: 'b2', count: 100_000, ratePerSecond: 100_000, topic: 'other' }))
  await until(() => producer.outstanding() > 400)
  const full = calls.length
  const single = producer.publish([event('single')])
  for (let settled = 0; calls.length === full; settled += 1) {
    const before = producer.outstanding()
    calls[settled]?.settle('acked')
    await until(() => calls.length > full || producer.outstanding() < before)
  }
  expect(calls[full]?.ids[0]).toBe('producer-1:3:single:1')
  calls[full]?.settle('acked')
  expect((await single)[0]?.state).toBe('acked')
  const settleAll = () => {
    for (const call of calls) call.settle('acked')
  }
  const [before, otherBefore] = [seqs(records, 'user_signup').length, seqs(records, 'other').length]
  await until(() => {
    settleAll()
    return seqs(records, 'other').length > otherBefore + 1_000
  })
  // Each takes its turn, as long as both have messages due.
  expect(seqs(records, 'user_signup').length).toBeGreaterThan(before + 500)
  producer.stopBurst('b1')
  producer.stopBurst('b2')
  await until(() => {
    settleAll()
    return ofKind('burst.progress').filter(({ state }) => state === 'stopped').length === 2
  })
})

test('a stopping producer finishes what is on the way, stops bursts and takes no more', async () => {
  const { producer, calls, ofKind } = lab()
  producer.startBurst(plan({ count: 1_000_000, ratePerSecond: 1_000 }))
  await until(() => calls.length > 1)
  const stopped = producer.stop(10_000)
  await expect(producer.publish([event()])).rejects.toMatchObject({ name: 'ProducerStopping' })
  expect(() => producer.startBurst(plan({ burstId: 'b2', count: 1 }))).toThrow('stopping')
  await until(() => {
    for (const call of calls) call.settle('acked')
    return producer.outstanding() === 0
  })
  await stopped
  expect(producer.outstanding()).toBe(0)
  expect(ofKind('burst.progress').at(-1)?.state).toBe('stopped')
})
