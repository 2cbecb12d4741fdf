import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SimulatorClock } from '../clock.ts'
import { LongPoll } from '../long-poll.ts'
import { newId } from '../new-id.ts'
import { memoryStore } from '../stores/memory.ts'
import { declareQueues, messageFor, queueNamed } from '../stores/queue-store.contract.ts'
import type { QueueStore } from '../stores/queue-store.ts'
import type { BacklogBounds } from './backlog.ts'
import { Deliveries } from './deliveries.ts'
import { type HttpDelivery, outbox } from './outbox.ts'

const topicArn = 'arn:aws:sns:us-east-1:123456789012:t'
const subscriptionArn = `${topicArn}:s`
const patience = { timeout: 30_000, interval: 20 }

let store: QueueStore
let clock: SimulatorClock
let deliveries: Deliveries | undefined
/** Connections to an endpoint that accepts and never answers. */
let called = 0
const silent = createServer(() => {
  called++
})

beforeEach(async () => {
  called = 0
  clock = new SimulatorClock()
  store = memoryStore({ clock: clock.now })
  await declareQueues(store, queueNamed('dead'))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const endpoint = silentUrl()
  await store.declare(() => ({
    changes: [
      { put: 'topic', topic: { arn: topicArn, attributes: {}, tags: {} } },
      {
        put: 'subscription',
        subscription: { arn: subscriptionArn, topicArn, protocol: 'http', endpoint, queue: '', attributes: {} },
      },
    ],
    result: undefined,
  }))
})

afterEach(async () => {
  deliveries?.close()
  silent.closeAllConnections()
  await new Promise((resolve) => silent.close(resolve))
  await store.close()
})

const silentUrl = () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`

function opened(bounds: BacklogBounds = {}): Deliveries {
  const longPoll = new LongPoll(store, clock)
  deliveries = new Deliveries({
    store,
    longPoll,
    clock,
    log: pino({ level: 'silent' }),
    newId,
    bounds,
    renewEveryMs: 20,
  })
  return deliveries
}

function notification(text: string, endpoint = silentUrl()): HttpDelivery {
  const { id: _id, legs: _legs, ...message } = messageFor([], text)
  const record = { protocol: 'http', endpoint, topicArn, subscriptionArn, messageId: text, message: text }
  const deadLetters = { queue: 'dead', message }
  return { record: { ...record, type: 'Notification' }, headers: {}, delays: [], deadLetters }
}

const held = async (queue: string) => {
  const { visible, inFlight, delayed } = await store.counts(queue)
  return visible + inFlight + delayed
}
const buried = async () => (await store.peek('dead', 100)).map(({ message }) => message.body)

test('what is more than may wait for endpoints becomes a dead letter at once', async () => {
  const subject = opened({ deliveries: 5 })
  for (const text of ['1', '2', '3', '4', '5']) await subject.send(notification(text))
  expect(await held(outbox)).toBe(3)
  expect(await buried()).toEqual(['4', '5'])
  const [last, , third] = subject.list(3)
  expect(last).toMatchObject({ messageId: '5', status: 'failed', outcome: expect.stringContaining('too many') })
  expect(third).toMatchObject({ messageId: '3', status: 'waiting' })
})

test('an endpoint that keeps silent leaves room for the others, and so do several', async () => {
  const subject = opened({ deliveries: 12 })
  const other = (name: string) => `${silentUrl()}${name}`
  for (let index = 0; index < 20; index++) await subject.send(notification(`a ${index}`, other('a')))
  expect(await held(outbox)).toBe(6)
  for (let index = 0; index < 20; index++) await subject.send(notification(`b ${index}`, other('b')))
  expect(await held(outbox)).toBe(9)
  await subject.send(notification('c', other('c')))
  expect([await held(outbox), (await buried()).length]).toEqual([10, 31])
})

test('long texts that wait are bounded too, whatever their number', async () => {
  const subject = opened({ characters: 8_000 })
  for (const text of ['a', 'b', 'c']) await subject.send(notification(text.repeat(1_000)))
  expect(await buried()).toEqual(['c'.repeat(1_000)])
})

async function answeringEndpoint(run: (endpoint: string) => Promise<void>): Promise<void> {
  const answering = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
  try {
    await run(`http://127.0.0.1:${(answering.address() as AddressInfo).port}/`)
  } finally {
    answering.closeAllConnections()
    answering.close()
  }
}

test('there is room again once deliveries have ended', async () => {
  const subject = opened({ deliveries: 1 })
  await answeringEndpoint(async (endpoint) => {
    for (const text of ['1', '2']) {
      await subject.send(notification(text, endpoint))
      await expect.poll(() => subject.list(1)[0], patience).toMatchObject({ messageId: text, status: 'delivered' })
    }
  })
  expect(await buried()).toEqual([])
})

test('an endpoint that keeps silent leaves the others their places', async () => {
  const subject = opened()
  for (let index = 0; index < 40; index++) await subject.send(notification(`silent ${index}`))
  await expect.poll(() => called, patience).toBe(8)
  await answeringEndpoint(async (endpoint) => {
    await subject.send(notification('heard', endpoint))
    await expect.poll(() => subject.list(1)[0], patience).toMatchObject({ messageId: 'heard', status: 'delivered' })
  })
  expect([called, await held(outbox)]).toEqual([8, 40])
  // Its connections break: the next have their turn, at their first attempt.
  silent.closeAllConnections()
  await expect.poll(() => called, patience).toBe(16)
  await expect.poll(buried, patience).toHaveLength(8)
})

test('what waits for its turn is not received again, however long that takes', async () => {
  const subject = opened()
  for (let index = 0; index < 20; index++) await subject.send(notification(`${index}`))
  await expect.poll(async () => (await store.counts(outbox)).inFlight, patience).toBe(20)
  const hiddenUntil = async () => (await store.peek(outbox, 20)).map(({ visibleAt }) => visibleAt - clock.now())
  for (let turn = 0; turn < 3; turn++) {
    clock.advance(20_000)
    // The first eight are under way.
    await expect.poll(async () => Math.min(...(await hiddenUntil()).slice(8)), patience).toBeGreaterThan(20_000)
  }
  const counts = (await store.peek(outbox, 20)).map(({ receiveCount }) => receiveCount)
  expect(counts.slice(8)).toEqual(Array.from({ length: 12 }, () => 1))
})

test('what the store did not take leaves its room to others', async () => {
  const subject = opened({ deliveries: 2 })
  await subject.open()
  for (const text of ['a', 'b', 'c']) {
    const prepared = await subject.prepare([notification(text)])
    expect(prepared.refused).toEqual([])
    subject.withdrawn(prepared)
  }
  await subject.send(notification('taken'))
  expect([await held(outbox), await buried()]).toEqual([1, []])
})

test('what waits for a subscription that has ended is dropped, a confirmation is not', async () => {
  const subject = opened()
  await store.declare(() => ({ changes: [{ remove: 'topic', arn: topicArn }], result: undefined }))
  await subject.send(notification('late'))
  await expect
    .poll(() => subject.list(1)[0], patience)
    .toMatchObject({ status: 'failed', outcome: expect.stringContaining('ended') })
  expect([called, await held(outbox)]).toEqual([0, 0])
  const { record, ...rest } = notification('goodbye')
  await subject.send({ ...rest, record: { ...record, type: 'UnsubscribeConfirmation' } })
  await expect.poll(() => called, patience).toBe(1)
})

test('a delivery that cannot even be sent becomes a dead letter', async () => {
  const subject = opened()
  await subject.send({ ...notification('poison'), headers: { 'Content-Type': 'text/plain\nx: y' } })
  await expect.poll(() => subject.list(1)[0], patience).toMatchObject({ status: 'failed', attempts: 1 })
  expect(await buried()).toEqual(['poison'])
  expect(await held(outbox)).toBe(0)
})
