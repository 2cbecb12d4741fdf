import { join } from 'node:path'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { type Simulator, startSimulator } from '#workers/sns-sqs/server.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { createFaultStore } from './fault-store.ts'
import { faultTargets } from './fault-targets.ts'
import { openFaults } from './faults.ts'
import { simulatorFaultLink } from './simulator-faults.ts'

const log = pino({ level: 'silent' })
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function simulatorAt(port = 0): Promise<Simulator> {
  const simulator = await startSimulator({ port, host: '127.0.0.1' })
  ends.push(() => simulator.close())
  return simulator
}

async function openLab(folder: string, urlOf: () => string | undefined, broker: BrokerName = 'local') {
  const faults = await openFaults({
    store: createFaultStore(join(folder, 'faults.json'), log),
    events: { add: () => undefined },
    targets: () => faultTargets(defaultLab, initialLab(defaultLab), [], broker),
    accepts: async () => false,
    power: { able: () => false, down: async () => {}, pause: async () => {}, back: async () => {} },
    simulator: simulatorFaultLink(urlOf),
    push: async () => ({ ok: true }),
    log,
  })
  ends.push(() => faults.close())
  return faults
}

async function queueAt(endpoint: string, QueueName = 'orders') {
  const sqs = new SQSClient({
    ...{ endpoint, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  ends.push(async () => sqs.destroy())
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }))
  return {
    send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    async take() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
      for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      return Messages.map(({ Body }) => Body)
    },
  }
}

const inForce = async (url: string) =>
  ((await (await fetch(`${url}/_faultline/faults`)).json()) as { faults: Record<string, unknown>[] }).faults

it('a simulator fault is put in force, seen by its hits, healed and bounded like every fault', async () => {
  const simulator = await simulatorAt()
  const faults = await openLab(await temporaryFolder('faults'), () => simulator.url)
  const queue = await queueAt(simulator.url)
  const { id, state } = await faults.inject({
    ...{ type: 'simulator.duplicate', params: { queue: 'orders' }, percent: 100, seed: 7, durationMs: 60_000 },
  })
  expect(state).toBe('injecting')
  expect(await inForce(simulator.url)).toMatchObject([
    { id, type: 'duplicate-delivery', queue: 'orders', percent: 100, seed: 7, hits: 0 },
  ])
  await queue.send('once')
  expect([await queue.take(), await queue.take()]).toEqual([['once'], ['once']])
  await expect
    .poll(() => faults.get(id))
    .toMatchObject({ state: 'active', hits: 1, observedAt: expect.any(String), target: { broker: 'local' } })
  expect(await faults.heal(id)).toMatchObject({ state: 'healed', hits: 1 })
  expect(await inForce(simulator.url)).toEqual([])

  const short = await faults.inject({
    type: 'simulator.throttle',
    params: { action: 'SendMessage' },
    durationMs: 1_500,
  })
  await expect(queue.send('refused')).rejects.toThrow(/throttling/)
  await expect.poll(() => faults.get(short.id).state, { timeout: 10_000 }).toBe('healed')
  await queue.send('taken')
})

it('a simulator that was restarted is sent them again; one that is gone has nothing left to heal', async () => {
  const folder = await temporaryFolder('faults')
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
  const before = await openLab(folder, () => simulator.url)
  const { id } = await before.inject({ type: 'simulator.delay', params: { afterMs: 5_000 }, durationMs: 60_000 })
  const queue = await queueAt(simulator.url)
  await queue.send('late')
  await expect.poll(() => before.get(id).hits).toBe(1)
  await before.close()
  await simulator.close()
  const again = await startSimulator({ port: simulator.port, host: '127.0.0.1' })
  const faults = await openLab(folder, () => again.url)
  await expect.poll(() => inForce(again.url)).toMatchObject([{ id, type: 'delayed-delivery', afterMs: 5_000, hits: 0 }])
  expect(faults.get(id)).toMatchObject({ state: 'active', hits: 1 })
  await again.close()
  expect(await faults.heal(id)).toMatchObject({ state: 'healed' })
})

it('is refused where the broker is not served by the simulator, and fails where it is another service', async () => {
  const kafka = await openLab(await temporaryFolder('faults'), () => undefined, 'kafka')
  await expect(kafka.inject({ type: 'simulator.slow' })).rejects.toMatchObject({
    extra: { errors: [{ path: '/type', message: 'does not exist on kafka; it exists on local, redis' }] },
  })
  const cloud = await openLab(await temporaryFolder('faults'), () => undefined)
  await expect(cloud.inject({ type: 'simulator.slow' })).rejects.toMatchObject({
    extra: { errors: [{ path: '/type', message: expect.stringContaining('not served by the simulator') }] },
  })
  const simulator = await simulatorAt()
  await simulator.close()
  const gone = await openLab(await temporaryFolder('faults'), () => simulator.url)
  expect(await gone.inject({ type: 'simulator.slow' })).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('nobody listens'),
  })
})

it('every simulator fault of the catalogue is one that the simulator knows, with its params', async () => {
  const simulator = await simulatorAt()
  const faults = await openLab(await temporaryFolder('faults'), () => simulator.url)
  const types = faults.catalogue().filter(({ by }) => by.includes('simulator'))
  const { types: known } = (await (await fetch(`${simulator.url}/_faultline/faults`)).json()) as { types: object }
  for (const { type } of types)
    expect(await faults.inject({ type, durationMs: 60_000 })).toMatchObject({ state: 'injecting' })
  expect((await inForce(simulator.url)).map(({ type }) => type).sort()).toEqual(Object.keys(known).sort())
  await faults.healAll()
  expect(await inForce(simulator.url)).toEqual([])
})
