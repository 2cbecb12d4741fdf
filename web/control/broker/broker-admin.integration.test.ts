import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { createBroker } from '#workers/broker/create-broker.ts'
import { startSimulator } from '#workers/sns-sqs/server.ts'
import { type BrokerAdmin, startBrokerAdmin } from './broker-admin.ts'

const wiring = {
  topics: [{ topic: 'user_signup', types: ['user_signup'] }],
  groups: [{ group: 'consumer-db', types: ['user_signup'], topics: ['user_signup'] }],
}
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

it('wires the simulator, and again after it was emptied or started again', async () => {
  let simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
  closers.push(() => simulator.close())
  const broker = createBroker({ broker: 'local', endpoint: simulator.url, credentials })
  closers.push(() => broker.close())
  const depths: string[][] = []
  const admin: BrokerAdmin = startBrokerAdmin({
    broker,
    wiring,
    onCounts: ({ queues }) => void depths.push(queues.map(({ group }) => group)),
    log: pino({ level: 'silent' }),
  })
  closers.push(() => admin.stop())
  const bound = [{ topic: 'user_signup', group: 'consumer-db' }]
  await expect.poll(() => admin.bindings(), { timeout: 20_000 }).toEqual(bound)
  expect(depths.at(-1)).toEqual(['consumer-db'])

  await fetch(`${simulator.url}/moto-api/reset`, { method: 'POST' })
  await expect.poll(async () => (await broker.inspect()).bindings, { timeout: 20_000 }).toEqual(bound)

  await simulator.close()
  await expect.poll(() => admin.health().up, { timeout: 20_000 }).toBe(false)
  simulator = await startSimulator({ port: simulator.port, host: '127.0.0.1' })
  await expect.poll(() => admin.bindings(), { timeout: 20_000 }).toEqual(bound)
})
