import { afterEach, expect, test } from 'vitest'
import type { Burst } from '#contracts/api/burst.ts'
import type { BrokerSwitchboard } from '../broker/broker-switch.ts'
import { openSwitchWorld } from '../broker/fixtures/switch-world.ts'
import type { Act } from './act.ts'
import { recordedSwitch } from './recorded-switch.ts'

let opened: BrokerSwitchboard | undefined
afterEach(() => opened?.stop())

function open() {
  const { switchboard, world } = openSwitchWorld()
  opened = switchboard
  const acts: Act[] = []
  const bursts: Burst[] = []
  const recorded = (kind: Act['kind']) =>
    expect.poll(() => acts.filter((act) => act.kind === kind), { timeout: 10_000, interval: 5 })
  const tell = (act: Act): void => void acts.push(act)
  const board = recordedSwitch(switchboard, { bursts: { recent: () => bursts }, tell, now: Date.now })
  return { world, board, bursts, recorded }
}

test('a switch is recorded when it is asked for, and how it ended with when the lab took no messages any more', async () => {
  const { board, bursts, recorded } = open()
  bursts.push({ id: 'b', state: 'running', requested: 9, attempted: 4 } as Burst)
  bursts.push({ id: 'earlier', state: 'stopped', requested: 9, attempted: 4 } as Burst)
  await board.request({ broker: 'redis' })
  await recorded('broker').toEqual([{ kind: 'broker', at: expect.any(Number), broker: 'redis' }])
  await recorded('switched').toMatchObject([{ broker: 'redis', outcome: 'done' }])
  const drained = board.latest()?.steps.find(({ name }) => name === 'drain')?.startedAt ?? ''
  await recorded('switched').toMatchObject([{ at: Date.parse(drained) }])
  await recorded('burstEnd').toMatchObject([{ id: 'b', attempted: 4 }])
  expect(await board.request({ broker: 'redis' })).toBe(false)
  await recorded('broker').toHaveLength(1)
})

test('what is said of a switch that drains joins it, and one that is cancelled says so when it ends', async () => {
  const { world, board, recorded } = open()
  world.owed.local = 3
  await board.request({ broker: 'redis' })
  await board.request({ broker: 'local' })
  await recorded('switched').toMatchObject([{ broker: 'redis', outcome: 'cancelled' }])
  await expect.poll(() => board.state(), { timeout: 10_000, interval: 5 }).toBe('ready')
  await board.request({ broker: 'redis' })
  await expect.poll(() => board.state(), { timeout: 10_000, interval: 5 }).toBe('stuck')
  await board.request({ broker: 'redis', abandon: true })
  await recorded('broker').toMatchObject([{ broker: 'redis' }, { broker: 'redis' }, { abandon: true, joins: true }])
  await recorded('switched').toMatchObject([{ outcome: 'cancelled' }, { outcome: 'done' }])
})
