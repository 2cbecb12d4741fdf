import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { EngineStatus } from '#contracts/protocols/engine.ts'
import { type AvailableBrokers, type BrokerAddress, watchAvailableBrokers } from './available-brokers.ts'

let watched: AvailableBrokers | undefined
afterEach(() => watched?.stop())

/** A port at which nobody listens. */
async function deafPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function watch(
  current: { name: BrokerName; up: boolean },
  states: Partial<Record<string, EngineStatus['state']>>,
  addresses: Partial<Record<BrokerName, BrokerAddress>> = {},
) {
  watched = watchAvailableBrokers({
    addressOf: (name) => addresses[name],
    engines: {
      state: (name) => {
        const state = states[name]
        return state === undefined ? undefined : ({ name, state } as EngineStatus)
      },
      request: () => Promise.reject(new Error('nothing is started here')),
      onChange: () => () => undefined,
    },
    current: () => ({ name: current.name, health: { up: current.up } as never }),
  })
  const { list, forget } = watched
  return { of: (name: BrokerName) => list().find((one) => one.name === name), forget }
}

test('a broker that was looked at while its connections came up can be chosen again as soon as the lab has left it', async () => {
  const current: { name: BrokerName; up: boolean } = { name: 'redis', up: false }
  const { of } = watch(current, { redis: 'up', 'sns-sqs': 'up' })
  expect(of('redis')).toMatchObject({ ready: false })
  await vi.waitFor(() => expect(of('kafka')).toMatchObject({ reason: expect.stringContaining('KAFKA_BROKERS') }))
  current.name = 'local'
  expect(of('redis')).toMatchObject({ ready: true })
})

test('what was known of a broker while it came up is forgotten when the lab runs on it', async () => {
  const current: { name: BrokerName; up: boolean } = { name: 'local', up: true }
  const refused = { url: `http://127.0.0.1:${await deafPort()}` }
  const { of, forget } = watch(current, { redis: 'up', 'sns-sqs': 'up' }, { redis: refused })
  await vi.waitFor(() =>
    expect(of('redis')).toMatchObject({ ready: false, reason: expect.stringContaining('REFUSED') }),
  )
  forget('redis')
  Object.assign(current, { name: 'redis' })
  expect(of('redis')).toMatchObject({ ready: true })
  Object.assign(current, { name: 'local' })
  expect(of('redis')).toMatchObject({ ready: true })
})

test('one whose engine is not on this machine cannot, whatever it was before', async () => {
  const current: { name: BrokerName; up: boolean } = { name: 'local', up: true }
  const { of } = watch(current, { redis: 'absent', 'sns-sqs': 'up' })
  await vi.waitFor(() => expect(of('redis')).toMatchObject({ ready: false, reason: 'redis is not on this machine' }))
})
