import { expect, test } from 'vitest'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Broker, PublishOutcome } from '#workers/broker/broker.ts'
import { createPublisher, type Outgoing, type Source } from './publisher.ts'

/** A publisher over a broker that the test answers for; `order` holds what happened, in order. */
function open(options: { outstandingMax?: number; lingerMs?: number } = {}) {
  const records: TelemetryRecord[] = []
  const order: string[] = []
  const calls: { ids: string[]; settle: (state: PublishOutcome['state']) => void }[] = []
  const outcome = (state: PublishOutcome['state'], { id }: Envelope): PublishOutcome =>
    state === 'acked' ? { state, ref: `ref of ${id}` } : { state, error: { type: 'Refused', message: 'no' } }
  const publish: Broker['publish'] = (envelopes) => {
    order.push('broker')
    return new Promise((resolve) => {
      const settle = (state: PublishOutcome['state']) => resolve(envelopes.map((one) => outcome(state, one)))
      calls.push({ ids: envelopes.map(({ id }) => id), settle })
    })
  }
  const publisher = createPublisher({
    broker: { publish },
    report: (batch) => {
      order.push(...batch.map(({ kind }) => kind))
      records.push(...batch)
    },
    ...{ producer: 'producer-1', epoch: 3, brokerName: 'redis', now: Date.now },
    ...options,
  })
  const seqs = (topic: string) =>
    records.flatMap((record) =>
      record.kind === 'publish.attempted' && record.topic === topic ? record.messages.map(({ seq }) => seq) : [],
    )
  return { publisher, order, calls, seqs }
}

const message = (topic = 'user_signup'): Outgoing => ({ type: topic, topic, version: 1, body: '{}' })
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('the attempt is reported before the broker is called, the outcome after it answered', async () => {
  const { publisher, order, calls } = open()
  const result = publisher.publish(message())
  await until(() => calls.length === 1)
  expect(order).toEqual(['publish.attempted', 'broker'])
  calls[0]?.settle('acked')
  const id = 'producer-1:3:user_signup:1'
  expect(await result).toEqual({ id, state: 'acked', ref: `ref of ${id}` })
  expect(order).toEqual(['publish.attempted', 'broker', 'publish.settled'])
})

test('messages of the same turn share a call, numbers are dense per topic, answers keep the order', async () => {
  const { publisher, seqs, calls } = open()
  const results = Promise.all(['a', 'b', 'a', 'a', 'b', 'a'].map((topic) => publisher.publish(message(topic))))
  await until(() => calls.length === 1)
  calls[0]?.settle('failed')
  const ids = ['a:1', 'b:1', 'a:2', 'a:3', 'b:2', 'a:4'].map((id) => `producer-1:3:${id}`)
  expect((await results).map(({ id }) => id)).toEqual(ids)
  expect((await results).at(-1)).toMatchObject({ state: 'failed', error: { type: 'Refused' } })
  expect([seqs('a'), seqs('b')]).toEqual([upTo(4), upTo(2)])
})

test('beyond the bound callers wait, without a number', async () => {
  const { publisher, seqs, calls } = open()
  const results = Promise.all(upTo(1_500).map(() => publisher.publish(message())))
  await until(() => calls.length === 5)
  for (let done = 0; done < 15; done += 1) {
    await until(() => calls.length === Math.min(15, done + 5))
    expect(publisher.outstanding()).toBe(Math.min(500, (15 - done) * 100))
    expect(seqs('user_signup')).toEqual(upTo(calls.length * 100))
    calls[done]?.settle('acked')
    await until(() => publisher.outstanding() <= Math.min(500, (14 - done) * 100))
  }
  expect((await results).length).toBe(1_500)
  expect(seqs('user_signup')).toEqual(upTo(1_500))
  await publisher.drained()
})

test('while others are on the way, what is due is gathered into one call; a lone message leaves at once', async () => {
  const { publisher, calls } = open({ lingerMs: 200 })
  void publisher.publish(message())
  await until(() => calls.length === 1)
  const due: Outgoing[] = []
  const source: Source = { next: () => due.shift(), attempted: () => undefined, settled: () => undefined }
  publisher.add(source)
  for (let turn = 0; turn < 7; turn += 1) {
    due.push(message())
    publisher.wake()
  }
  await until(() => calls.length === 2)
  expect(calls.map(({ ids }) => ids.length)).toEqual([1, 7])
})

test('messages that are on the way when the broker fails are each reported so, and those that wait leave after them', async () => {
  const { publisher, calls, seqs } = open({ outstandingMax: 5 })
  const results = Promise.all(upTo(8).map(() => publisher.publish(message())))
  await until(() => calls.length === 5)
  expect(seqs('user_signup')).toEqual(upTo(5))
  for (let done = 0; done < 8; done += 1) {
    await until(() => calls.length > done)
    calls[done]?.settle(done < 5 ? 'indeterminate' : 'acked')
  }
  expect((await results).map(({ state }) => state)).toEqual([
    ...Array(5).fill('indeterminate'),
    ...Array(3).fill('acked'),
  ])
})
