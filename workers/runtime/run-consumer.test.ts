import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { userSignup } from '#contracts/events/user-signup.ts'
import { type TelemetryRecord, telemetryRecords } from '#contracts/protocols/telemetry.ts'
import type { WorkerState } from '#contracts/protocols/worker.ts'
import type { Broker, DeliveryHandler, PublishOutcome, SubscribeOptions } from '#workers/broker/broker.ts'
import { delivery } from './consume/handle-batch.fixture.ts'
import { createActiveFaults } from './faults/active-faults.ts'
import { openEmitter } from './open-emitter.ts'
import { createLiveConfig } from './process/live-config.ts'
import type { ShutdownStep } from './process/shutdown.ts'
import { runConsumer } from './run-consumer.ts'
import type { WorkerProcess } from './worker-face.ts'

/** A process that gets its orders from the test instead of a sidecar. */
function open() {
  const states: WorkerState[] = []
  const records: TelemetryRecord[] = []
  const steps: ShutdownStep[] = []
  const config = createLiveConfig()
  const process: WorkerProcess = {
    fail: () => undefined,
    env: {
      ...{ service: 'consumer-test', instance: 'consumer-test-1', epoch: undefined, graceMs: 1_000, broker: 'local' },
      ...{
        brokerSettings: z.object(brokerEnvironment).parse({}),
        databaseUrl: undefined,
        smtpUrl: undefined,
        planted: undefined,
        logLevel: 'silent',
        ...{ body: undefined, sends: [], concurrency: undefined, hopLimit: 32 },
      },
    },
    log: pino({ level: 'silent' }),
    telemetry: { write: (written) => records.push(...written) },
    faults: createActiveFaults({
      ...{ service: 'consumer-test', instance: 'consumer-test-1' },
      now: Date.now,
      report: (record) => records.push(record),
    }),
    wrapBroker: (broker) => broker,
    wrapConsumer: (consumer) => consumer,
    wrapEmitter: (emitter) => emitter,
    setState: (state) => states.push(state),
    onCommand: () => undefined,
    crashOf: () => undefined,
    config: config.current,
    firstConfig: config.first,
    onConfig: config.onChange,
    onShutdown: (step) => steps.push(step),
    countInHand: () => undefined,
  }
  const subscribed: { group: string; handle: DeliveryHandler; options: SubscribeOptions }[] = []
  let onStop: (graceMs: number) => Promise<void> = async () => undefined
  const broker: Pick<Broker, 'subscribe'> = {
    async subscribe(group, handle, options = {}) {
      subscribed.push({ group, handle, options })
      return { stop: (graceMs) => onStop(graceMs), inHand: () => 0 }
    },
  }
  return {
    ...{ process, broker, states, records, steps, config, subscribed },
    stopsAfter(work: () => Promise<unknown>) {
      onStop = async () => void (await work())
    },
    configure: () => config.take({ revision: 1, eventTypes: [...builtInEventTypes], subscriptions: [] }),
  }
}

/** A consumer that has subscribed, and what ends it. */
async function subscribedConsumer() {
  const { process, broker, records, subscribed, steps, configure } = open()
  const running = runConsumer({ process, broker, consumer: { group: 'consumer-test', handlers: {} } })
  configure()
  await vi.waitUntil(() => subscribed.length === 1)
  const end = async (): Promise<void> => {
    await steps[0]?.(1_000)
    await running
  }
  return { records, subscription: subscribed[0], end }
}

test('it subscribes when its configuration has come, and says when the broker answers and when it does not', async () => {
  const { process, broker, states, subscribed, steps, configure } = open()
  const running = runConsumer({ process, broker, consumer: { group: 'consumer-test', handlers: {} } })
  expect(subscribed).toHaveLength(0)
  configure()
  await vi.waitUntil(() => subscribed.length === 1)
  subscribed[0]?.options.onTrouble?.(undefined)
  subscribed[0]?.options.onTrouble?.('the queue does not answer')
  expect(states.map(({ state }) => state)).toEqual(['waiting-for-broker', 'running', 'waiting-for-broker'])
  expect(states[2]?.detail).toBe('the queue does not answer')
  await steps[0]?.(1_000)
  await running
})

test('a stop before the first configuration ends it', async () => {
  const { process, broker, subscribed, steps, configure } = open()
  const running = runConsumer({ process, broker, consumer: { group: 'consumer-test', handlers: {} } })
  await steps[0]?.(1_000)
  configure()
  await running
  expect(subscribed).toHaveLength(0)
})

test('only what the broker confirmed or refused is reported, a retry that it holds back too', async () => {
  const { records, subscription, end } = await subscribedConsumer()
  const bury = { kind: 'dead-letter', reason: 'max_attempts', error: { type: 'E', message: '' }, attempts: 1 } as const
  subscription?.options.onSettled?.(
    [1, 2, 3, 4, 5, 6].map((seq) => delivery(seq)),
    [{ kind: 'ack' }, { kind: 'ack' }, { kind: 'retry', delayMs: 1 }, { kind: 'release' }, bury, { kind: 'ack' }],
    [true, false, true, true, true, 'fenced'],
  )
  expect(records).toMatchObject([
    { settlement: 'acked', ids: ['producer-1:1:user_signup:1'] },
    { settlement: 'released', ids: ['producer-1:1:user_signup:4'] },
    { settlement: 'dead_lettered', ids: ['producer-1:1:user_signup:5'] },
    { settlement: 'retrying', ids: ['producer-1:1:user_signup:3'] },
    { settlement: 'fenced', ids: ['producer-1:1:user_signup:6'] },
  ])
  await end()
})

test('dead letters that no identity of the lab names are counted: no event at all, and an event of somebody else', async () => {
  const { records, subscription, end } = await subscribedConsumer()
  const bury = { kind: 'dead-letter', reason: 'undecodable', error: { type: 'E', message: '' }, attempts: 1 } as const
  const own = delivery(1)
  const foreign = { ...own, envelope: own.envelope && { ...own.envelope, id: '7f3c-of-the-shop' } }
  const none = { ...own, envelope: undefined }
  subscription?.options.onSettled?.([own, foreign, none], [bury, bury, bury], [true, true, true])
  expect(records).toMatchObject([
    { settlement: 'dead_lettered', ids: ['producer-1:1:user_signup:1', '7f3c-of-the-shop'], unnamed: 2 },
  ])
  await end()
})

test('an assignment of partitions is reported, and so is their loss', async () => {
  const { records, subscription, end } = await subscribedConsumer()
  const given = { at: 1, memberId: 'm', generation: 3, partitions: [{ topic: 't', partitions: [0, 2] }] }
  subscription?.options.onAssigned?.({ ...given, reason: 'joined' })
  subscription?.options.onAssigned?.({ ...given, at: 2, partitions: [], reason: 'lost' })
  const who = { kind: 'group.assigned', group: 'consumer-test', instance: 'consumer-test-1' }
  expect(records).toEqual([
    { ...who, ...given, reason: 'joined' },
    { ...who, ...given, at: 2, partitions: [], reason: 'lost' },
  ])
  expect(telemetryRecords.parse(records)).toEqual(records)
  await end()
})

test('a handler that would outlast the grace time is interrupted and its message given back', async () => {
  const { process, broker, records, subscribed, steps, configure, stopsAfter } = open()
  const consumer = { group: 'consumer-test', handlers: { '*': () => new Promise<undefined>(() => undefined) } }
  const running = runConsumer({ process, broker, consumer })
  configure()
  await vi.waitUntil(() => subscribed.length === 1)
  const settling = subscribed[0]?.handle([delivery(1)])
  stopsAfter(async () => settling)
  await steps[0]?.(100)
  await running
  expect(await settling).toEqual([{ kind: 'release' }])
  expect(records.at(-1)).toMatchObject({ kind: 'delivery.ended', deliveries: [{ outcome: 'interrupted' }] })
})

test('an emitter publishes under the name of the replica, and a shutdown waits for what the broker has not answered', async () => {
  const { process, steps, records, configure } = open()
  const publisher = { publish: async () => [] as PublishOutcome[] }
  expect(() => openEmitter(process, publisher)).toThrow('FAULTLINE_EPOCH is needed')
  let answer: (outcomes: PublishOutcome[]) => void = () => undefined
  publisher.publish = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const emitter = openEmitter({ ...process, env: { ...process.env, epoch: 4 } }, publisher)
  // Before the first configuration it knows no type, and waits.
  const emission = emitter.publishCaused({ type: 'user_signup', body: JSON.stringify(userSignup.example) })
  configure()
  await vi.waitUntil(() => emitter.outstanding() === 1)
  expect(records).toMatchObject([{ kind: 'publish.attempted', producer: 'consumer-test-1', epoch: 4, broker: 'local' }])
  let isStopped = false
  const stopping = steps[0]?.(60_000).then(() => {
    isStopped = true
  })
  expect(await emitter.publishCaused({ type: 'user_signup', body: '{}' })).toMatchObject({ state: 'refused' })
  expect(isStopped).toBe(false)
  answer([{ state: 'acked', ref: '1' }])
  expect(await emission).toMatchObject({ state: 'acked', id: 'consumer-test-1:4:user_signup:1' })
  await stopping
})
