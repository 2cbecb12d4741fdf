import { afterEach, describe, expect, it } from 'vitest'
import type { BrokerSwitchboard } from './broker-switch.ts'
import { openSwitchWorld, type SwitchWorld } from './fixtures/switch-world.ts'
import type { SwitchTimes } from './switch-ports.ts'

let opened: BrokerSwitchboard | undefined
afterEach(() => opened?.stop())

function open(unsettled?: string, times?: Partial<SwitchTimes>) {
  const { switchboard, ...others } = openSwitchWorld(unsettled, times)
  opened = switchboard
  return { ...others, board: switchboard }
}
const outcome = (board: BrokerSwitchboard) =>
  expect.poll(() => board.state() === 'ready' && board.latest()?.outcome, { timeout: 10_000, interval: 2 })
const state = (board: BrokerSwitchboard) => expect.poll(() => board.state(), { timeout: 10_000, interval: 2 })
const steps = (board: BrokerSwitchboard) => board.latest()?.steps.map((step) => step.state)

describe('a switch', () => {
  it('reaches and wires the other broker, moves the workers, and takes publishes again', async () => {
    const { world, board, gate } = open()
    expect(await board.request({ broker: 'redis' })).toBe(true)
    await outcome(board).toBe('done')
    expect(world.current).toBe('redis')
    expect(world.keptAll).toEqual(['local>redis', 'redis'])
    expect(world.closed).toEqual(['local'])
    expect(world.wirings.map(({ broker }) => broker)).toEqual(['redis', 'redis'])
    expect(world.services.flatMap(({ replicas }) => replicas.map(({ broker }) => broker))).toEqual([
      'redis',
      'redis',
      'redis',
    ])
    expect(steps(board)).toEqual(['done', 'done', 'done', 'done'])
    expect(board.latest()?.abandoned).toBeUndefined()
    expect(gate.refusal()).toBeUndefined()
  })

  it('declares the wiring again where a broker that has just started refuses it', async () => {
    const { world, board } = open()
    world.wiringRefusals = 3
    await board.request({ broker: 'kafka' })
    await outcome(board).toBe('done')
    expect(world.wirings).toHaveLength(2)
  })

  it('gives up on wiring that is refused for too long', async () => {
    const { world, board } = open()
    world.wiringRefusals = Number.POSITIVE_INFINITY
    await board.request({ broker: 'kafka' })
    await outcome(board).toBe('rolled_back')
    expect(board.latest()?.reason).toBe('no coordinator yet')
    expect(world.keptAll).toEqual([])
  })

  it('takes publishes until the other broker answers, then none', async () => {
    const { world, board, gate } = open()
    world.away.add('redis')
    world.owed.local = 1
    await board.request({ broker: 'redis' })
    expect(board.state()).toBe('preparing')
    expect(gate.refusal()).toBeUndefined()
    world.away.delete('redis')
    await state(board).toBe('draining')
    expect(gate.refusal()).toContain('the lab moves from local to redis')
    world.owed.local = 0
    await outcome(board).toBe('done')
  })

  it('waits until ledger and broker agree that nothing is left, and until publishes and bursts have ended', async () => {
    const { world, board } = open()
    Object.assign(world, { publishes: 1, bursts: 2 })
    world.owed.local = 3
    world.held.local = 2
    await board.request({ broker: 'redis' })
    await expect
      .poll(() => board.latest()?.left, { interval: 2 })
      .toMatchObject({
        broker: 'local',
        groups: [{ group: 'g', messages: 3, inBroker: 2, samples: ['producer-1:1:a:1'] }],
      })
    expect(world.bursts).toBe(0)
    world.owed.local = 0
    await expect
      .poll(() => board.latest()?.steps[1]?.detail, { interval: 2 })
      .toBe('waits for 1 publish to be answered')
    world.publishes = 0
    await expect
      .poll(() => board.latest()?.steps[1]?.detail, { interval: 2 })
      .toContain('local still holds messages that it does not know of')
    expect(board.latest()?.left?.groups).toEqual([{ group: 'g', messages: 0, inBroker: 2, samples: [] }])
    world.held.local = 0
    await outcome(board).toBe('done')
  })

  it('asks what becomes of what does not get less, and goes on by itself when it does', async () => {
    const { world, board } = open()
    world.owed.local = 5
    await board.request({ broker: 'redis' })
    await state(board).toBe('stuck')
    world.owed.local = 4
    await state(board).toBe('draining')
    await state(board).toBe('stuck')
    world.owed.local = 0
    await outcome(board).toBe('done')
  })

  it('leaves behind what is unsettled where a user says so, by name and number', async () => {
    const { world, board } = open()
    world.owed.local = 5
    world.held.local = 5
    await board.request({ broker: 'redis' })
    await state(board).toBe('stuck')
    expect(await board.request({ broker: 'redis', abandon: true })).toBe(true)
    await outcome(board).toBe('done')
    expect(board.latest()?.abandoned).toEqual({
      broker: 'local',
      publishes: 0,
      groups: [{ group: 'g', messages: 5, inBroker: 5, samples: ['producer-1:1:a:1'] }],
    })
  })

  it('can leave a broker that does not answer', async () => {
    const { world, board } = open()
    world.owed.local = 2
    world.away.add('local')
    await board.request({ broker: 'redis', abandon: true })
    await outcome(board).toBe('done')
    expect(board.latest()?.abandoned?.groups).toMatchObject([{ messages: 2, inBroker: null }])
  })

  it('is cancelled by asking for the broker that it leaves', async () => {
    const { world, board, gate } = open()
    world.owed.local = 5
    await board.request({ broker: 'redis' })
    await state(board).toBe('draining')
    expect(await board.request({ broker: 'local' })).toBe(true)
    await outcome(board).toBe('cancelled')
    expect(world.current).toBe('local')
    expect(world.keptAll).toEqual([])
    expect(world.closed).toEqual(['redis'])
    expect(gate.refusal()).toBeUndefined()
  })

  it('gives up where nobody says what becomes of what is left', async () => {
    const { world, board, gate } = open(undefined, { decide: 80 })
    world.owed.local = 5
    await board.request({ broker: 'redis' })
    await outcome(board).toBe('cancelled')
    expect(board.latest()?.reason).toContain('what becomes of what is left on local')
    expect(gate.refusal()).toBeUndefined()
  })
})

describe('a switch that fails', () => {
  it('changes nothing where the other broker does not answer', async () => {
    const { world, board } = open()
    world.away.add('redis')
    await board.request({ broker: 'redis' })
    await outcome(board).toBe('rolled_back')
    expect(board.latest()).toMatchObject({
      reason: expect.stringContaining('redis did not answer within 0.2 s: redis is away'),
    })
    expect(world.keptAll).toEqual([])
    expect(world.current).toBe('local')
  })

  it('changes nothing where its engine cannot be started', async () => {
    const { world, board } = open()
    world.engineStarts = async () => Promise.reject(new Error('no Java 17 on this machine'))
    await board.request({ broker: 'kafka' })
    await outcome(board).toBe('rolled_back')
    expect(board.latest()).toMatchObject({ reason: 'no Java 17 on this machine' })
    expect(steps(board)).toEqual(['failed', 'pending', 'pending', 'pending'])
  })

  it.each([
    ['crash', { state: 'backoff', restarts: 3, detail: 'ended without a command (code 2)' }, /ended 3 times there/],
    ['never come up', { state: 'waiting-for-broker' }, /not all workers came up within 1 s: waits for producer-1/],
  ] as const)('takes the workers back where they %s', async (_name, failing, reason) => {
    const { world, board, gate } = open()
    world.place = (broker, replica) =>
      broker === 'redis' ? { ...replica, broker, ...failing } : { ...replica, broker, state: 'up', restarts: 0 }
    await board.request({ broker: 'redis' })
    await outcome(board).toBe('rolled_back')
    expect(board.latest()?.reason).toMatch(reason)
    expect(world.current).toBe('local')
    expect(world.keptAll).toEqual(['local>redis', 'local'])
    expect(world.closed).toEqual(['redis'])
    expect(astray(world, 'local')).toEqual([])
    expect(gate.refusal()).toBeUndefined()
  })

  it('takes no publishes before the workers are back', async () => {
    const { world, board, gate } = open()
    let back = false
    world.place = (broker, replica) =>
      broker === 'redis'
        ? { ...replica, broker, state: 'backoff', restarts: 3 }
        : back
          ? { ...replica, broker, state: 'up', restarts: 0 }
          : replica
    await board.request({ broker: 'redis' })
    await state(board).toBe('rolling_back')
    await expect.poll(() => gate.refusal(), { interval: 2 }).toContain('producer-1, which is backoff on redis')
    expect(world.kept).toEqual({ broker: 'local', movingTo: 'redis' })
    back = true
    world.services = world.services.map((service) => ({
      ...service,
      replicas: service.replicas.map((replica) => world.place('local', replica)),
    }))
    await outcome(board).toBe('rolled_back')
  })
})

describe('requests', () => {
  it('do nothing for the broker that the lab runs on', async () => {
    const { board } = open()
    expect(await board.request({ broker: 'local' })).toBe(false)
    expect(board.latest()).toBeUndefined()
  })

  it('are refused for a broker that is not ready', async () => {
    const { world, board } = open()
    world.notReady.set('kafka', 'KAFKA_BROKERS is not set')
    await expect(board.request({ broker: 'kafka' })).rejects.toMatchObject({
      code: 'broker_not_ready',
      message: 'KAFKA_BROKERS is not set',
    })
    expect(board.state()).toBe('ready')
  })

  it('begin one switch, however many come at once', async () => {
    const { board } = open()
    const answers = await Promise.allSettled(
      (['redis', 'kafka', 'redis'] as const).map((broker) => board.request({ broker })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'switch_running' } })
    await outcome(board).toBe('done')
  })

  it('cannot stop what moves already', async () => {
    const { world, board } = open()
    world.place = (broker, replica) => (broker === 'redis' ? { ...replica, broker, state: 'starting' } : replica)
    await board.request({ broker: 'redis' })
    await state(board).toBe('moving')
    await expect(board.request({ broker: 'local' })).rejects.toMatchObject({ code: 'switch_running' })
    await expect(board.request({ broker: 'redis', abandon: true })).rejects.toMatchObject({ code: 'switch_running' })
  })
})

describe('a control plane that starts again', () => {
  it('takes back what an earlier one began, and takes no publishes before', async () => {
    const { world, board, gate, workers } = open('the control plane was started again during the switch to redis')
    world.services = world.services.map((service) => ({
      ...service,
      connected: false,
      replicas: service.replicas.map((replica) => ({ ...replica, broker: 'redis' as const })),
    }))
    world.place = (_broker, replica) => replica
    board.start()
    expect(board.state()).toBe('rolling_back')
    await expect.poll(() => gate.refusal(), { interval: 2 }).toContain('producer-1, which is up on redis')
    expect(workers.workersOn()).toBe('local')
    await expect(board.request({ broker: 'redis' })).rejects.toMatchObject({ code: 'switch_running' })
    world.services = world.services.map((service) => ({
      ...service,
      connected: true,
      replicas: service.replicas.map((replica) => ({ ...replica, broker: 'local' as const })),
    }))
    await state(board).toBe('ready')
    expect(gate.refusal()).toBeUndefined()
    expect(world.keptAll).toEqual(['local'])
  })

  it('leaves the word of the file where it is stopped in the middle', async () => {
    const { world, board } = open()
    world.place = (broker, replica) => (broker === 'redis' ? { ...replica, broker, state: 'starting' } : replica)
    await board.request({ broker: 'redis' })
    await state(board).toBe('moving')
    await expect.poll(() => world.kept, { interval: 2 }).toEqual({ broker: 'local', movingTo: 'redis' })
    await board.stop()
    expect(world.kept).toEqual({ broker: 'local', movingTo: 'redis' })
    expect(world.current).toBe('local')
  })
})

const astray = (world: SwitchWorld, broker: string) =>
  world.services.flatMap(({ replicas }) => replicas.filter((replica) => replica.broker !== broker))
