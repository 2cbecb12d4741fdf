import { describe, expect, it } from 'vitest'
import { openTestApi } from './fixtures/test-api.ts'

const url = '/api/lab/broker'
const event = { type: 'user_signup', data: { email: 'a@example.com' } }

describe('/api/lab/broker', () => {
  it('says what the lab runs on and what it could run on', async () => {
    const { app, brokers } = await openTestApi()
    brokers.notReady.set('kafka', 'Java 17 is needed; install it, or set KAFKA_BROKERS')
    brokers.owed.redis = 2
    expect((await app.inject(url)).json()).toEqual({
      broker: 'local',
      state: 'ready',
      available: [
        { name: 'local', ready: true },
        { name: 'redis', ready: true },
        { name: 'kafka', ready: false, reason: 'Java 17 is needed; install it, or set KAFKA_BROKERS' },
      ],
      unsettled: [
        {
          broker: 'redis',
          publishes: 0,
          groups: [{ group: 'g', messages: 2, inBroker: null, samples: ['producer-1:1:a:1'] }],
        },
      ],
    })
  })

  it('refuses events and bursts from the moment it drains until it runs on the other', async () => {
    const { app, brokers } = await openTestApi()
    brokers.owed.local = 1
    const begun = await app.inject({ method: 'PUT', url, payload: { broker: 'redis' } })
    expect(begun.statusCode).toBe(202)
    expect(begun.json()).toMatchObject({ broker: 'local', switch: { from: 'local', to: 'redis' } })
    await expect.poll(async () => (await app.inject(url)).json().state, { interval: 5 }).toBe('draining')
    for (const [path, payload] of [
      ['/event', event],
      ['/api/bursts', { type: 'user_signup', count: 1, ratePerSecond: 1 }],
    ] as const) {
      const refused = await app.inject({ method: 'POST', url: path, payload })
      expect(refused.json()).toMatchObject({
        status: 503,
        code: 'broker_switching',
        detail: expect.stringContaining('the lab moves from local to redis'),
      })
    }
    brokers.owed.local = 0
    await expect.poll(async () => (await app.inject(url)).json().state, { interval: 5 }).toBe('ready')
    expect((await app.inject(url)).json()).toMatchObject({ broker: 'redis', switch: { outcome: 'done' } })
    expect((await app.inject({ method: 'POST', url: '/event', payload: event })).statusCode).toBe(202)
  })

  it('answers 200 where nothing is to be done', async () => {
    const { app } = await openTestApi()
    const same = await app.inject({ method: 'PUT', url, payload: { broker: 'local' } })
    expect(same.statusCode).toBe(200)
    expect(same.json().switch).toBeUndefined()
  })

  it('takes one switch at a time, and a word on the one that drains', async () => {
    const { app, brokers } = await openTestApi()
    brokers.owed.local = 7
    const put = (payload: object) => app.inject({ method: 'PUT', url, payload })
    expect((await put({ broker: 'redis' })).statusCode).toBe(202)
    expect((await put({ broker: 'kafka' })).json()).toMatchObject({ status: 409, code: 'switch_running' })
    expect((await put({ broker: 'redis' })).json()).toMatchObject({
      status: 409,
      detail: expect.stringContaining('ask for local to cancel it'),
    })
    expect((await put({ broker: 'local' })).statusCode).toBe(202)
    await expect.poll(async () => (await app.inject(url)).json().switch.outcome, { interval: 5 }).toBe('cancelled')
    expect((await put({ broker: 'redis', abandon: true })).statusCode).toBe(202)
    await expect.poll(async () => (await app.inject(url)).json().switch.outcome, { interval: 5 }).toBe('done')
    expect((await app.inject(url)).json().switch.abandoned.groups).toMatchObject([{ group: 'g', messages: 7 }])
  })

  it.each([
    ['an unknown broker', { broker: 'rabbit' }, 400, 'invalid_body', '/broker'],
    ['nothing', {}, 400, 'invalid_body', '/broker'],
    ['an unknown field', { broker: 'redis', force: true }, 400, 'invalid_body', '/force'],
    ['one that is not ready', { broker: 'kafka' }, 409, 'broker_not_ready', undefined],
  ])('refuses %s', async (_name, payload, status, code, path) => {
    const { app, brokers } = await openTestApi()
    brokers.notReady.set('kafka', 'it is not on this machine')
    const response = await app.inject({ method: 'PUT', url, payload })
    expect(response.json()).toMatchObject({ status, code })
    if (path) expect(response.json().errors[0].path).toBe(path)
  })
})

describe('/api/services', () => {
  it('lists workers with their replicas and how many are wanted', async () => {
    const { app } = await openTestApi()
    const { items } = (await app.inject('/api/services')).json()
    expect(items.map(({ name, wanted }: { name: string; wanted: number }) => [name, wanted])).toEqual([
      ['producer', 1],
      ['consumer-email', 1],
      ['consumer-db', 2],
    ])
    expect(items[0].replicas).toMatchObject([{ instance: 'producer-1', state: 'up', broker: 'local', restarts: 0 }])
  })

  it('stores how many replicas a worker has and configures its sidecar', async () => {
    const { app, world, counts } = await openTestApi()
    const response = await app.inject({ method: 'PUT', url: '/api/services/consumer-db', payload: { replicas: 5 } })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ name: 'consumer-db', wanted: 5 })
    expect(counts.all()).toEqual({ producer: 1, 'consumer-email': 1, 'consumer-db': 5 })
    expect(world.replicasConfigured).toBe(1)
  })

  it.each([
    ['an unknown worker', 'consumer-x', { replicas: 2 }, 404, 'unknown_service', undefined],
    ['none', 'consumer-db', { replicas: 0 }, 400, 'invalid_body', 'inject process.kill'],
    ['too many', 'consumer-db', { replicas: 17 }, 400, 'invalid_body', 'at most 16'],
    ['a part of one', 'consumer-db', { replicas: 1.5 }, 400, 'invalid_body', undefined],
    ['nothing', 'consumer-db', {}, 400, 'invalid_body', undefined],
  ])('refuses %s', async (_name, service, payload, status, code, detail) => {
    const { app, world } = await openTestApi()
    const response = await app.inject({ method: 'PUT', url: `/api/services/${service}`, payload })
    expect(response.json()).toMatchObject({ status, code })
    if (detail) expect(response.json().detail).toContain(detail)
    expect(world.replicasConfigured).toBe(0)
  })
})
