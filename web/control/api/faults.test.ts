import { describe, expect, it } from 'vitest'
import { openTestApi } from './fixtures/test-api.ts'

const post = (payload: object) => ({ method: 'POST' as const, url: '/api/faults', payload })

describe('/api/faults', () => {
  it('injects, lists, answers one, heals it, and writes the event log', async () => {
    const { app, faults } = await openTestApi()
    faults.takeConnected('producer', true)
    const injecting = app.inject(post({ type: 'link.latency', target: 'producer->broker', params: { latencyMs: 20 } }))
    await expect.poll(() => faults.list()).toHaveLength(1)
    const id = faults.list()[0]?.id ?? ''
    faults.takeStatus('producer', [{ id, state: 'active', hits: 1, observedAt: Date.now() }])
    const injected = await injecting
    expect(injected.statusCode).toBe(201)
    expect(injected.headers.location).toBe(`/api/faults/${id}`)
    expect(injected.json()).toMatchObject({
      ...{ id, type: 'link.latency', target: { link: 'producer->broker' }, state: 'active', hits: 1, percent: 100 },
      params: { latencyMs: 20, jitterMs: 0 },
      observedAt: expect.any(String),
      seed: expect.any(Number),
    })
    expect((await app.inject('/api/faults')).json().items.map((fault: { id: string }) => fault.id)).toEqual([id])
    expect((await app.inject(`/api/faults/${id}`)).json()).toMatchObject({ id, state: 'active' })
    const healing = app.inject({ method: 'DELETE', url: `/api/faults/${id}` })
    const speaking = setInterval(() => faults.takeStatus('producer', []), 5)
    expect((await healing).json()).toMatchObject({ id, state: 'healed' })
    clearInterval(speaking)
    const log = (await app.inject('/api/event-log?limit=1')).json()
    expect(log.items[0]).toMatchObject({
      kind: 'fault',
      faultId: id,
      message: 'link.latency on producer->broker is healed',
    })
    const older = (await app.inject(`/api/event-log?limit=1&cursor=${log.nextCursor}`)).json()
    expect(older.items[0].seq).toBe(log.items[0].seq - 1)
    expect((await app.inject('/api/event-log?cursor=x')).json()).toMatchObject({ status: 400, code: 'invalid_cursor' })
  })

  it.each([
    ['an unknown type', { type: 'process.melt' }, 422, 'invalid_fault', '/type'],
    ['an unknown target', { type: 'process.kill', target: 'consumer-x' }, 422, 'invalid_fault', '/target'],
    [
      'a percentage out of range',
      { type: 'link.latency', target: 'producer->broker', percent: 150 },
      422,
      'invalid_fault',
      '/percent',
    ],
    [
      'a negative time',
      { type: 'link.down', target: 'producer->broker', durationMs: -5 },
      422,
      'invalid_fault',
      '/durationMs',
    ],
    [
      'a target that cannot have it',
      { type: 'link.down', target: 'producer' },
      422,
      'fault_not_possible',
      '/target/service',
    ],
    ['a misspelt field', { type: 'process.kill', target: 'producer', duration: 5 }, 400, 'invalid_body', '/duration'],
  ])('%s is a problem that names the field; nothing is injected', async (_, payload, status, code, path) => {
    const { app } = await openTestApi()
    const response = await app.inject(post(payload))
    expect(response.json()).toMatchObject({ status, code, errors: [{ path, message: expect.any(String) }] })
    expect(response.statusCode).toBe(status)
    expect((await app.inject('/api/faults')).json().items).toEqual([])
  })

  it('answers 404 for an id that nobody knows, and heals nothing without complaint', async () => {
    const { app } = await openTestApi()
    for (const method of ['GET', 'DELETE'] as const)
      expect((await app.inject({ method, url: '/api/faults/f-0' })).json()).toMatchObject({
        status: 404,
        code: 'unknown_fault',
      })
    const healed = await app.inject({ method: 'DELETE', url: '/api/faults' })
    expect([healed.statusCode, healed.json()]).toEqual([200, { items: [] }])
  })

  it('the catalogue has a schema, brokers and targets of this lab for each', async () => {
    const { app } = await openTestApi()
    const { items } = (await app.inject('/api/faults/catalogue')).json()
    const kill = items.find(({ type }: { type: string }) => type === 'process.kill')
    expect(kill).toMatchObject({
      targets: ['service', 'instance'],
      brokers: ['local', 'redis', 'kafka'],
      params: { type: 'object', properties: { restartAfterMs: { type: 'integer', default: 3_000, unit: 'ms' } } },
    })
    expect(kill.offers.map(({ label }: { label: string }) => label)).toContain('consumer-db')
  })
})
