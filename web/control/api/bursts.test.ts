import { describe, expect, it } from 'vitest'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import { AgentSilent } from '../problem/agent-unavailable.ts'
import { openTestApi } from './fixtures/test-api.ts'

const input = { type: 'order_placed', count: 100, ratePerSecond: 50 }
const progress = (burstId: string, change: Partial<BurstProgressRecord>): BurstProgressRecord => ({
  kind: 'burst.progress',
  at: 1,
  burstId,
  state: 'running',
  attempted: 50,
  acked: 49,
  failed: 0,
  indeterminate: 0,
  achievedPerSecond: 49.5,
  ackP50Ms: 3,
  ackP99Ms: 9,
  keysUsed: 50,
  elapsedMs: 1_000,
  ...change,
})

async function started() {
  const lab = await openTestApi()
  const response = await lab.app.inject({ method: 'POST', url: '/api/bursts', payload: input })
  const { id } = response.json()
  const get = async () => (await lab.app.inject(`/api/bursts/${id}`)).json()
  return { ...lab, response, id, get }
}

describe('/api/bursts', () => {
  it('sends the plan to the producer and reports its figures', async () => {
    const { response, id, get, world, bursts, app } = await started()
    expect(response.statusCode).toBe(202)
    expect(world.commands).toMatchObject([
      {
        kind: 'burst.start',
        plan: { burstId: id, type: 'order_placed', count: 100, ratePerSecond: 50, keyField: 'orderId' },
      },
    ])
    expect(await get()).toMatchObject({ state: 'running', requested: 100, attempted: 0 })
    bursts.takeProgress(progress(id, {}))
    expect(await get()).toMatchObject({ attempted: 50, acked: 49, achievedPerSecond: 49.5 })
    bursts.takeProgress(progress(id, { state: 'done', attempted: 100, acked: 100, elapsedMs: 2_000 }))
    bursts.takeProgress(progress(id, { elapsedMs: 1_500 }))
    expect(await get()).toMatchObject({ state: 'done', attempted: 100, endedAt: expect.any(String) })
    expect(world.storedBursts.get(id)).toMatchObject({ state: 'done' })
    expect((await app.inject('/api/bursts')).json().items).toHaveLength(1)
  })

  it('stops, and answers with the last figures', async () => {
    const { id, bursts, world, app } = await started()
    world.producer = async (command) => {
      if (command.kind === 'burst.stop') bursts.takeProgress(progress(id, { state: 'stopped' }))
      return { id: 1, ok: true }
    }
    const stopped = await app.inject({ method: 'DELETE', url: `/api/bursts/${id}` })
    expect(stopped.json()).toMatchObject({ id, state: 'stopped', attempted: 50 })
    expect((await app.inject({ method: 'DELETE', url: `/api/bursts/${id}` })).json()).toEqual(stopped.json())
  })

  it('is interrupted when its producer died, and revived where it had not', async () => {
    const { id, bursts, world, get } = await started()
    world.services = world.services.map((service) => ({
      ...service,
      replicas: service.replicas.map((replica) => ({ ...replica, pid: 4242 })),
    }))
    bursts.watch()
    expect(await get()).toMatchObject({ state: 'running' })
    world.now += 3_001
    bursts.watch()
    expect(await get()).toMatchObject({ state: 'interrupted', reason: expect.any(String) })
    bursts.takeProgress(progress(id, { state: 'done', attempted: 100, acked: 100 }))
    expect(await get()).toMatchObject({ state: 'done' })
    expect(await get()).not.toHaveProperty('reason')
  })

  it('takes what its producer said before the database could tell of it', async () => {
    const { id, bursts, world } = await started()
    const next = await openTestApi()
    next.world.storedBursts.set(id, await bursts.get(id))
    next.bursts.takeProgress(progress(id, {}))
    next.bursts.takeProgress(progress(id, { state: 'done', attempted: 100, acked: 100, elapsedMs: 2_000 }))
    await next.bursts.restore()
    expect((await next.app.inject(`/api/bursts/${id}`)).json()).toMatchObject({ state: 'done', acked: 100 })
    await expect.poll(() => next.world.storedBursts.get(id)).toMatchObject({ state: 'done' })
    expect(world.storedBursts.get(id)).toMatchObject({ state: 'running' })
  })

  it('is stored once the database is back', async () => {
    const { id, bursts, world } = await started()
    await expect.poll(() => world.storedBursts.get(id)).toMatchObject({ state: 'running' })
    world.databaseUp = false
    bursts.takeProgress(progress(id, { state: 'done' }))
    bursts.watch()
    world.databaseUp = true
    await expect
      .poll(() => {
        bursts.watch()
        return world.storedBursts.get(id)
      })
      .toMatchObject({ state: 'done' })
  })

  it('goes on while its producer lives, though nothing is heard for a while', async () => {
    const { bursts, world, get } = await started()
    world.now += 30_000
    bursts.watch()
    expect(await get()).toMatchObject({ state: 'running' })
    world.now += 31_000
    bursts.watch()
    expect(await get()).toMatchObject({ state: 'interrupted' })
  })

  it('runs four at once and no fifth', async () => {
    const { app } = await openTestApi()
    const start = () => app.inject({ method: 'POST', url: '/api/bursts', payload: input })
    for (let index = 0; index < 4; index += 1) expect((await start()).statusCode).toBe(202)
    expect((await start()).json()).toMatchObject({ status: 409, code: 'burst_running' })
  })

  it.each([
    ['neither count nor duration', { count: undefined }, 400, 'invalid_body', '/count'],
    ['both', { durationMs: 1_000 }, 400, 'invalid_body', '/count'],
    ['no rate', { ratePerSecond: 0 }, 400, 'invalid_body', '/ratePerSecond'],
    [
      'too many',
      { count: undefined, durationMs: 3_600_000, ratePerSecond: 100_000 },
      400,
      'invalid_body',
      '/durationMs',
    ],
    ['contents that break the schema', { data: {} }, 400, 'schema_violation', '/data/orderId'],
    ['an unknown type', { type: 'nothing' }, 404, 'unknown_event_type', undefined],
    ['an unknown field', { speed: 1 }, 400, 'invalid_body', '/speed'],
  ])('refuses %s', async (_name, change, status, code, path) => {
    const { app, world } = await openTestApi()
    const response = await app.inject({ method: 'POST', url: '/api/bursts', payload: { ...input, ...change } })
    expect(response.json()).toMatchObject({ status, code })
    if (path) expect(response.json().errors.map((error: { path: string }) => error.path)).toContain(path)
    expect(world.commands).toEqual([])
  })

  it('keeps a burst whose start nobody answered: it may run', async () => {
    const { app, world } = await openTestApi()
    world.producer = () => Promise.reject(new AgentSilent('producer did not answer within 5000 ms'))
    const { id, state } = (await app.inject({ method: 'POST', url: '/api/bursts', payload: input })).json()
    expect(state).toBe('running')
    expect((await app.inject(`/api/bursts/${id}`)).json()).toMatchObject({ state: 'running' })
  })

  it('names a burst that never was, and a producer that is away', async () => {
    const { app, world } = await openTestApi()
    expect((await app.inject('/api/bursts/burst-x')).json()).toMatchObject({ code: 'unknown_burst' })
    world.producer = async () => ({ id: 1, ok: false, error: { type: 'Draining', message: 'it stops' } })
    expect((await app.inject({ method: 'POST', url: '/api/bursts', payload: input })).json()).toMatchObject({
      status: 503,
      code: 'producer_down',
    })
    expect((await app.inject('/api/bursts')).json().items).toEqual([])
  })
})
