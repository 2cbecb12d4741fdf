import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import type { BrokerPower } from './broker-power.ts'
import { createFaultStore } from './fault-store.ts'
import { faultServices, faultStateOf, log, openFaultLab } from './faults.fixture.ts'

describe('the life of a fault', () => {
  it('injecting until it is seen, active, healing, healed; each is an entry of the event log', async () => {
    const { faults, sidecars, events } = await openFaultLab(await temporaryFolder('faults'))
    const { id, state } = await faults.inject({ type: 'link.latency', target: 'producer->broker' })
    expect(state).toBe('injecting')
    expect(sidecars.held.get('producer')).toMatchObject([
      { id, by: 'sidecar-link', link: 'producer->broker', direction: 'down' },
    ])
    expect(sidecars.idsOf('consumer-db')).toEqual([])
    sidecars.observed.set(id, Date.now())
    sidecars.speak('producer')
    expect(faults.get(id)).toMatchObject({ state: 'active', hits: 1, observedAt: expect.any(String) })
    const healed = await faults.heal(id)
    expect(healed).toMatchObject({ state: 'healed', healedAt: expect.any(String) })
    expect(healed.reason).toBeUndefined()
    expect(sidecars.idsOf('producer')).toEqual([])
    const words = events.page(10).map(({ message }) => message)
    expect(words).toEqual([
      'link.latency on producer->broker is healed',
      'link.latency on producer->broker is being healed',
      'link.latency on producer->broker takes effect',
      'link.latency on producer->broker is being injected',
    ])
  })

  it('is on disk before its injection and its heal are answered', async () => {
    const folder = await temporaryFolder('faults')
    const { faults } = await openFaultLab(folder)
    const onDisk = async () =>
      (await createFaultStore(join(folder, 'faults.json'), log).load()).map(({ fault }) => fault.state)
    const { id } = await faults.inject({ type: 'process.pause', target: 'consumer-db' })
    expect(await onDisk()).toEqual([faults.get(id).state])
    await faults.heal(id)
    expect(await onDisk()).toEqual(['healed'])
  })

  it('says where it was never seen, and is healed all the same', async () => {
    const { faults } = await openFaultLab(await temporaryFolder('faults'))
    const { id } = await faults.inject({ type: 'handler.error', target: 'consumer-db' })
    expect(await faults.heal(id)).toMatchObject({ state: 'healed', reason: 'it was never seen to take effect' })
  })

  it('is seen by what a worker reports, with the messages that it hit', async () => {
    const { faults } = await openFaultLab(await temporaryFolder('faults'))
    const { id } = await faults.inject({ type: 'handler.error', target: 'consumer-db' })
    const record = { kind: 'fault.observed', at: Date.now(), service: 'consumer-db', fault: id } as const
    faults.takeObserved({ ...record, instance: 'consumer-db-1', hits: 1, messages: ['a'] })
    faults.takeObserved({ ...record, instance: 'consumer-db-2', hits: 4, messages: ['b'] })
    faults.takeObserved({ ...record, instance: 'consumer-db-1', hits: 1, messages: ['a'] })
    expect(faults.get(id)).toMatchObject({ state: 'active', hits: 5, messages: ['a', 'b'] })
  })

  it('begins at its time and ends in time, also where no sidecar says a word', async () => {
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'))
    const startAt = new Date(Date.now() + 300).toISOString()
    const { id, state } = await faults.inject({
      type: 'link.down',
      target: 'producer->broker',
      startAt,
      durationMs: 200,
    })
    expect([state, sidecars.idsOf('producer')]).toEqual(['scheduled', []])
    await expect.poll(() => sidecars.idsOf('producer')).toEqual([id])
    await expect.poll(faultStateOf(faults, id), { timeout: 5_000 }).toBe('healed')
    expect(sidecars.idsOf('producer')).toEqual([])
  })

  it('one that is shorter than its way to a busy sidecar arrives all the same', async () => {
    let aheadMs = 0
    const now = (): number => Date.now() + aheadMs
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'), { connect: false, now })
    const injecting = faults.inject({ type: 'process.kill', target: 'consumer-db', params: { restartAfterMs: 0 } })
    const startAt = new Date(now() + 60_000).toISOString()
    const later = await faults.inject({ type: 'link.down', target: 'producer->broker', startAt })
    aheadMs = 800
    // Healing another one looks at all that are in effect, so at this one too, long after its end.
    await faults.heal(later.id)
    sidecars.join(faults)
    const { id } = await injecting
    await expect.poll(() => sidecars.everHeld).toContain(id)
    await expect.poll(faultStateOf(faults, id), { timeout: 5_000 }).toBe('healed')
  })

  it('a scheduled one that is healed never begins', async () => {
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'))
    const startAt = new Date(Date.now() + 60_000).toISOString()
    const { id } = await faults.inject({ type: 'link.down', target: 'producer->broker', startAt })
    expect(await faults.heal(id)).toMatchObject({ state: 'healed', reason: 'cancelled before it began' })
    expect(sidecars.idsOf('producer')).toEqual([])
  })

  it('fails with the reason of the sidecar', async () => {
    const { faults } = await openFaultLab(await temporaryFolder('faults'), { connect: false })
    const injecting = faults.inject({ type: 'process.pause', target: 'consumer-email' })
    await expect.poll(() => faults.list()).toHaveLength(1)
    const id = faults.list()[0]?.id ?? ''
    faults.takeStatus('consumer-email', [{ id, state: 'failed', hits: 0, detail: 'no process runs' }])
    expect(await injecting).toMatchObject({ state: 'failed', reason: 'consumer-email: no process runs' })
  })
})

describe('contradictions', () => {
  it.each([
    ['process.pause', 'consumer-db', 'process.kill', 'consumer-db-1'],
    ['process.kill', 'consumer-db', 'process.kill', 'consumer-db'],
    ['link.latency', 'producer->broker', 'link.down', 'producer->broker'],
    ['broker.down', 'broker', 'broker.pause', 'broker'],
    ['broker.down', 'broker', 'link.latency', 'producer->broker'],
  ])('%s on %s and %s on %s', async (first, firstTarget, second, secondTarget) => {
    const { faults } = await openFaultLab(await temporaryFolder('faults'))
    const { id } = await faults.inject({ type: first, target: firstTarget })
    await expect(faults.inject({ type: second, target: secondTarget })).rejects.toMatchObject({
      code: 'fault_conflict',
      extra: { errors: [{ path: '/target', message: expect.stringContaining(id) }] },
    })
    expect(faults.list()).toHaveLength(1)
    await faults.heal(id)
    await faults.inject({ type: second, target: secondTarget })
  })

  it.each([
    ['process.pause', 'consumer-db-1', 'process.kill', 'consumer-db-2'],
    ['link.latency', 'producer->broker', 'link.bandwidth', 'producer->broker'],
    ['link.down', 'producer->broker', 'link.latency', 'consumer-db->database'],
    ['broker.down', 'broker', 'link.latency', 'consumer-db->database'],
  ])('%s on %s and %s on %s go together', async (first, firstTarget, second, secondTarget) => {
    const { faults } = await openFaultLab(await temporaryFolder('faults'))
    await faults.inject({ type: first, target: firstTarget })
    await faults.inject({ type: second, target: secondTarget })
    expect(faults.list()).toHaveLength(2)
  })
})

describe('restarts', () => {
  it('a control plane that starts again finds what is in effect, sends it to the sidecars, and can heal it', async () => {
    const folder = await temporaryFolder('faults')
    const before = await openFaultLab(folder)
    const { id } = await before.faults.inject({ type: 'handler.latency', target: 'consumer-email', durationMs: 60_000 })
    const scheduled = await before.faults.inject({
      ...{ type: 'link.down', target: 'producer->broker' },
      startAt: new Date(Date.now() + 60_000).toISOString(),
    })
    await before.faults.close()
    const { faults, sidecars } = await openFaultLab(folder)
    expect(faults.get(id).state).toBe('injecting')
    await expect.poll(() => sidecars.held.get('consumer-email')).toMatchObject([{ id, endsAt: expect.any(Number) }])
    const ended = await faults.healAll()
    expect(ended.map((fault) => [fault.id, fault.state])).toEqual([
      [scheduled.id, 'healed'],
      [id, 'healed'],
    ])
    expect(sidecars.idsOf('consumer-email')).toEqual([])
  })

  it('one whose time passed meanwhile is over, and no sidecar is ordered to begin it', async () => {
    const folder = await temporaryFolder('faults')
    const before = await openFaultLab(folder)
    const { id } = await before.faults.inject({ type: 'handler.latency', target: 'consumer-email', durationMs: 100 })
    await before.faults.close()
    const { faults, sidecars } = await openFaultLab(folder, { now: () => Date.now() + 700 })
    await expect.poll(faultStateOf(faults, id), { timeout: 5_000 }).toBe('healed')
    expect(sidecars.idsOf('consumer-email')).toEqual([])
  })

  it('a sidecar that comes back is sent it again; one that is away keeps the healing open, with the reason', async () => {
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'))
    const { id } = await faults.inject({ type: 'process.pause', target: 'consumer-db', durationMs: 60_000 })
    sidecars.observed.set(id, Date.now())
    sidecars.speak('consumer-db')
    faults.takeConnected('consumer-db', false)
    const healing = faults.heal(id)
    await expect.poll(() => faults.get(id).reason).toBe('waits for consumer-db')
    expect(faults.get(id).state).toBe('healing')
    faults.takeConnected('consumer-db', true)
    expect(await healing).toMatchObject({ state: 'healed' })
  })
})

describe('the broker', () => {
  it('is stopped by the supervisor where that runs it, and started at the end', async () => {
    const calls: string[] = []
    const power: BrokerPower = {
      able: () => true,
      down: async () => void calls.push('down'),
      pause: async () => void calls.push('pause'),
      back: async () => void calls.push('back'),
    }
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'), { power })
    const { id, how } = await faults.inject({ type: 'broker.down' })
    expect(how).toBe('broker process stopped')
    await expect.poll(faultStateOf(faults, id)).toBe('active')
    expect(sidecars.idsOf('producer')).toEqual([])
    expect((await faults.heal(id)).state).toBe('healed')
    expect(calls).toEqual(['down', 'back'])
  })

  it('is away for as long as was asked, however long its stop takes, and is seen to be', async () => {
    let stopped = () => {}
    const stop = new Promise<void>((resolve) => {
      stopped = resolve
    })
    let time = Date.parse('2026-01-01T12:00:00.000Z')
    const power: BrokerPower = {
      ...{ able: () => true, down: () => stop, pause: async () => undefined, back: async () => undefined },
    }
    const { faults } = await openFaultLab(await temporaryFolder('faults'), { power, now: () => time })
    /** The end of another fault shows that this one was looked at after that time. */
    const pass = async (ms: number): Promise<void> => {
      const other = await faults.inject({ type: 'handler.error', target: 'consumer-db', durationMs: 1_000 })
      time += ms
      await expect.poll(faultStateOf(faults, other.id)).toBe('healed')
    }
    const stateOfOutage = () => faults.list().find(({ type }) => type === 'broker.down')?.state
    const injecting = faults.inject({ type: 'broker.down', durationMs: 3_000 })
    await expect.poll(stateOfOutage).toBe('injecting')
    // Longer than the whole fault, shorter than the caller waits.
    await pass(4_000)
    expect(stateOfOutage()).toBe('injecting')
    stopped()
    const { id } = await injecting
    expect(faults.get(id)).toMatchObject({
      ...{ state: 'active', hits: 1, observedAt: '2026-01-01T12:00:04.000Z', endsAt: '2026-01-01T12:00:07.000Z' },
    })
    await pass(2_999)
    expect(faults.get(id).state).toBe('active')
    time += 1
    await expect.poll(faultStateOf(faults, id)).toBe('healed')
  })

  it('that was healed while it stopped was away too', async () => {
    let stopped = () => {}
    const stop = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const power: BrokerPower = {
      ...{ able: () => true, down: () => stop, pause: async () => undefined, back: async () => undefined },
    }
    const { faults } = await openFaultLab(await temporaryFolder('faults'), { power })
    const injecting = faults.inject({ type: 'broker.down' })
    await expect.poll(() => faults.list().length).toBe(1)
    const { id } = faults.list()[0] ?? { id: '' }
    const healing = faults.heal(id)
    stopped()
    await injecting
    const healed = await healing
    expect(healed).toMatchObject({ state: 'healed', hits: 1 })
    expect(healed.observedAt).toBeDefined()
    expect(healed.reason).toBeUndefined()
  })

  it('has every link to it cut where nobody runs it, and says so', async () => {
    const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'))
    const { id, how } = await faults.inject({ type: 'broker.down' })
    expect(how).toBe('every link cut')
    for (const service of faultServices) {
      expect(sidecars.held.get(service)).toMatchObject([{ id, type: 'link.down', link: `${service}->broker` }])
    }
    expect((await faults.heal(id)).state).toBe('healed')
  })

  it('that does not come back keeps the healing open and is asked again', async () => {
    let tries = 0
    const power: BrokerPower = {
      ...{ able: () => true, down: async () => undefined, pause: async () => undefined },
      async back() {
        tries += 1
        if (tries === 1) throw new Error('it would not start')
      },
    }
    const { faults } = await openFaultLab(await temporaryFolder('faults'), { power })
    const { id } = await faults.inject({ type: 'broker.pause' })
    await expect.poll(faultStateOf(faults, id)).toBe('active')
    const healing = faults.heal(id)
    await expect.poll(() => faults.get(id).reason).toBe('waits for the broker: it would not start')
    expect(await healing).toMatchObject({ state: 'healed' })
    expect(faults.get(id).reason).toBeUndefined()
  })
})

it('a storm of a hundred is healed by one heal-all', async () => {
  const { faults, sidecars } = await openFaultLab(await temporaryFolder('faults'))
  const kinds = [
    { type: 'handler.error', target: 'consumer-db' },
    { type: 'link.latency', target: 'consumer-email->smtp' },
    { type: 'message.duplicate', target: 'user_signup' },
    { type: 'process.block', target: 'producer' },
  ]
  await Promise.all(Array.from({ length: 100 }, (_, index) => faults.inject(kinds[index % 4] ?? { type: '' })))
  expect(faults.recent(0)).toHaveLength(100)
  const ended = await faults.healAll()
  expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(['healed']))
  for (const service of faultServices) expect(sidecars.idsOf(service)).toEqual([])
  expect(new Set(faults.list().map(({ state }) => state))).toEqual(new Set(['healed']))
})
