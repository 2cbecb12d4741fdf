import { afterEach, expect, test, vi } from 'vitest'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { EngineStatus } from '#contracts/protocols/engine.ts'
import { type AvailableBrokers, watchAvailableBrokers } from './available-brokers.ts'

let watched: AvailableBrokers | undefined
afterEach(() => watched?.stop())

function watch(current: { name: BrokerName; up: boolean }, states: Partial<Record<string, EngineStatus['state']>>) {
  watched = watchAvailableBrokers({
    addressOf: () => undefined,
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
  const { list } = watched
  return (name: BrokerName) => list().find((one) => one.name === name)
}

test('a broker that was looked at while its connections came up can be chosen again as soon as the lab has left it', async () => {
  const current: { name: BrokerName; up: boolean } = { name: 'redis', up: false }
  const of = watch(current, { redis: 'up', 'sns-sqs': 'up' })
  expect(of('redis')).toMatchObject({ ready: false })
  await vi.waitFor(() => expect(of('kafka')).toMatchObject({ reason: expect.stringContaining('KAFKA_BROKERS') }))
  current.name = 'local'
  expect(of('redis')).toMatchObject({ ready: true })
})

test('one whose engine is not on this machine cannot, whatever it was before', async () => {
  const current: { name: BrokerName; up: boolean } = { name: 'local', up: true }
  const of = watch(current, { redis: 'absent', 'sns-sqs': 'up' })
  await vi.waitFor(() => expect(of('redis')).toMatchObject({ ready: false, reason: 'redis is not on this machine' }))
})
