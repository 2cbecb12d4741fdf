import { afterEach, expect, test } from 'vitest'
import type { BrokerSwitchboard } from './broker-switch.ts'
import { openSwitchWorld } from './fixtures/switch-world.ts'
import { createSwitchedLab } from './switched-lab.ts'

let opened: BrokerSwitchboard | undefined
afterEach(() => opened?.stop())

function open() {
  const { switchboard, world, gate } = openSwitchWorld()
  opened = switchboard
  return { world, gate, board: switchboard, switchTo: createSwitchedLab(switchboard, { pollMs: 2 }) }
}
const long = { abandon: false, timeoutMs: 60_000 }

test('it resolves when the lab runs on the other broker and takes messages, and says what stayed behind', async () => {
  const { world, gate, switchTo } = open()
  expect(await switchTo('redis', long)).toMatchObject({ from: 'local', abandoned: 0 })
  expect([world.current, gate.refusal()]).toEqual(['redis', undefined])
  expect(await switchTo('redis', long)).toMatchObject({ from: undefined, abandoned: 0 })
  Object.assign(world.owed, { redis: 3 })
  Object.assign(world.held, { redis: 4 })
  expect(await switchTo('local', { ...long, abandon: true })).toMatchObject({ from: 'redis', abandoned: 4 })
})

test('what is said of a switch that drains already is said of that one, and both hear of its end', async () => {
  const { world, board, switchTo } = open()
  world.owed.local = 3
  const first = switchTo('redis', long)
  await expect.poll(() => board.state(), { timeout: 10_000, interval: 2 }).toBe('stuck')
  expect(await switchTo('redis', { ...long, abandon: true })).toMatchObject({ from: 'local', abandoned: 3 })
  expect(await first).toMatchObject({ from: 'local', abandoned: 3 })
})

test('one that does not end in time, or is cut short, is cancelled, and says what it waited for', async () => {
  const { world, board, gate, switchTo } = open()
  world.owed.local = 3
  await expect(switchTo('redis', { abandon: false, timeoutMs: 100 })).rejects.toThrow(
    /^the switch to redis did not end within 0.1 s \(drain: waits for 3 obligations to be settled\)$/,
  )
  expect([world.current, gate.refusal(), board.state()]).toEqual(['local', undefined, 'ready'])
  const cutting = new AbortController()
  const cut = expect(switchTo('redis', { ...long, signal: cutting.signal })).rejects.toThrow(
    'the switch to redis was cut short',
  )
  await expect.poll(() => board.state(), { timeout: 10_000, interval: 2 }).toBe('stuck')
  cutting.abort()
  await cut
  expect([world.current, board.state()]).toEqual(['local', 'ready'])
})

test('it rejects with the reason where the switch is refused, cancelled by a user, or taken back', async () => {
  const { world, board, switchTo } = open()
  world.notReady.set('kafka', 'kafka is not on this machine')
  await expect(switchTo('kafka', long)).rejects.toMatchObject({ code: 'broker_not_ready' })
  world.wiringRefusals = Number.POSITIVE_INFINITY
  await expect(switchTo('redis', long)).rejects.toThrow('the switch to redis was taken back: no coordinator yet')
  world.wiringRefusals = 0
  world.owed.local = 3
  const cancelled = expect(switchTo('redis', long)).rejects.toThrow('the switch to redis was cancelled')
  await expect.poll(() => board.state(), { timeout: 10_000, interval: 2 }).toBe('stuck')
  await expect(switchTo('kafka', long)).rejects.toMatchObject({ code: 'switch_running' })
  await board.request({ broker: 'local' })
  await cancelled
})
