import { describe, expect, it } from 'vitest'
import { invoice } from './fixtures/invoice.ts'
import { openTestApi } from './fixtures/test-api.ts'

describe('/api/subscriptions', () => {
  it('lays a part of the policy over what holds', async () => {
    const { app, world } = await openTestApi()
    const payload = { retryPolicy: { maximumAttempts: 9 } }
    const response = await app.inject({ method: 'PUT', url: '/api/subscriptions/consumer-db', payload })
    expect(response.json()).toMatchObject({
      consumer: 'consumer-db',
      eventTypes: ['user_signup', 'order_placed'],
      retryPolicy: { maximumAttempts: 9, initialIntervalMs: 500, mode: 'visibility-timeout' },
    })
    expect(world.configured.at(-1)?.subscriptions).toContainEqual(response.json())
    expect((await app.inject('/api/subscriptions')).json().items).toContainEqual(response.json())
  })

  it('keeps a policy of its own for a type until null takes it away', async () => {
    const { app, world } = await openTestApi()
    const put = (payload: object) => app.inject({ method: 'PUT', url: '/api/subscriptions/consumer-db', payload })
    await put({ retryPolicyByType: { user_signup: { maximumAttempts: 2 }, order_placed: { jitter: 'none' } } })
    const second = await put({ retryPolicyByType: { order_placed: null } })
    expect(second.json().retryPolicyByType).toEqual({ user_signup: { maximumAttempts: 2 } })
    expect(world.stored.subscriptions).toContainEqual(second.json())
    expect(world.configured.at(-1)?.subscriptions).toContainEqual(second.json())
  })

  it('wires what a consumer takes from now on', async () => {
    const { app, world, currentLab } = await openTestApi()
    const payload = { eventTypes: ['payment_failed', 'payment_failed'] }
    await app.inject({ method: 'PUT', url: '/api/subscriptions/consumer-db', payload })
    expect(world.declared.at(-1)?.groups.find(({ group }) => group === 'consumer-db')).toEqual({
      group: 'consumer-db',
      types: ['payment_failed'],
      topics: ['payment_failed'],
    })
    expect(currentLab.groupsOf('user_signup')).toEqual(['consumer-email'])
    expect(currentLab.groupsOf('payment_failed')).toEqual(['consumer-email', 'consumer-db'])
  })

  it.each([
    ['an unknown consumer', 'consumer-x', { eventTypes: [] }, 404, 'unknown_consumer', undefined],
    ['nothing', 'consumer-db', {}, 400, 'invalid_body', ''],
    [
      'an unknown field of the policy',
      'consumer-db',
      { retryPolicy: { maxAttempts: 3 } },
      400,
      'invalid_body',
      '/retryPolicy/maxAttempts',
    ],
    ['an unknown type', 'consumer-db', { eventTypes: ['nothing'] }, 400, 'invalid_body', '/eventTypes/0'],
    [
      'a mode of another broker',
      'consumer-db',
      { retryPolicy: { mode: 'retry-topic' } },
      400,
      'invalid_body',
      '/retryPolicy/mode',
    ],
    [
      'a policy with no attempts',
      'consumer-db',
      { retryPolicy: { maximumAttempts: 0 } },
      400,
      'invalid_body',
      '/retryPolicy/maximumAttempts',
    ],
    [
      'a policy of its own for an unknown type',
      'consumer-db',
      { retryPolicyByType: { nothing: { maximumAttempts: 2 } } },
      400,
      'invalid_body',
      '/retryPolicyByType/nothing',
    ],
    [
      'a maximum of one type below the initial interval of all',
      'consumer-db',
      { retryPolicyByType: { user_signup: { maximumIntervalMs: 10 } } },
      400,
      'invalid_body',
      '/retryPolicyByType/user_signup/maximumIntervalMs',
    ],
    [
      'a maximum below the initial interval',
      'consumer-db',
      { retryPolicy: { maximumIntervalMs: 10 } },
      400,
      'invalid_body',
      '/retryPolicy/maximumIntervalMs',
    ],
  ])('refuses %s', async (_name, consumer, payload, status, code, path) => {
    const { app } = await openTestApi()
    const response = await app.inject({ method: 'PUT', url: `/api/subscriptions/${consumer}`, payload })
    expect(response.json()).toMatchObject({ status, code })
    if (path !== undefined) expect(response.json().errors[0].path).toBe(path)
  })
})

describe('/api/messages', () => {
  it.each([
    ['nonsense', 404, 'unknown_message'],
    ['producer-1:1:user_signup:99', 404, 'unknown_message'],
    ['producer-1:1:user_signup:1', 410, 'message_dropped'],
  ])('%s is %i', async (id, status, code) => {
    const { app, world } = await openTestApi()
    world.journeys['producer-1:1:user_signup:1'] = 'dropped'
    expect((await app.inject(`/api/messages/${id}`)).json()).toMatchObject({ status, code })
  })

  it.each([
    ['limit=0', 'invalid_query', '/limit'],
    ['limit=501', 'invalid_query', '/limit'],
    ['colour=red', 'invalid_query', '/colour'],
    ['state=nothing', 'invalid_query', '/state'],
    ['from=yesterday', 'invalid_query', '/from'],
    ['type=a&type=b', 'invalid_query', '/type'],
    ['cursor=x', 'invalid_cursor', undefined],
  ])('refuses ?%s', async (query, code, path) => {
    const { app } = await openTestApi()
    const response = await app.inject(`/api/messages?${query}`)
    expect(response.json()).toMatchObject({ status: 400, code })
    if (path) expect(response.json().errors[0].path).toBe(path)
  })
})

describe('health', () => {
  it('is alive whatever is missing, and says what is', async () => {
    const { app, world } = await openTestApi()
    expect((await app.inject('/readyz')).json()).toMatchObject({ ready: true, missing: [] })
    world.databaseUp = false
    world.services = world.services.map((service) => ({ ...service, connected: service.name !== 'producer' }))
    const response = await app.inject('/readyz')
    expect(response.statusCode).toBe(503)
    expect(response.json()).toMatchObject({
      ready: false,
      missing: ['database does not answer', 'producer is unreachable'],
    })
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
  })

  it('is not ready and takes no change before the stored lab was read, yet publishes', async () => {
    const { app } = await openTestApi({ loaded: false })
    expect((await app.inject('/readyz')).statusCode).toBe(503)
    expect((await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })).json()).toMatchObject({
      code: 'database_down',
    })
    const publish = {
      method: 'POST',
      url: '/event',
      payload: { type: 'user_signup', data: { email: 'a@b.co' } },
    } as const
    expect((await app.inject(publish)).statusCode).toBe(202)
  })
})
