import { describe, expect, it } from 'vitest'
import { invoice } from './fixtures/invoice.ts'
import { openTestApi } from './fixtures/test-api.ts'

/** Two references a level: 2^levels checks. */
function doubling(levels: number): Record<string, unknown> {
  const $defs: Record<string, unknown> = { d0: { type: 'object' } }
  for (let level = 1; level <= levels; level += 1) {
    const below = { $ref: `#/$defs/d${level - 1}` }
    $defs[`d${level}`] = { allOf: [below, { ...below, title: 'again' }] }
  }
  return { $ref: `#/$defs/d${levels}`, $defs }
}

describe('/api/event-types', () => {
  it('wires the broker, stores and configures before it answers 201', async () => {
    const { app, world } = await openTestApi()
    const response = await app.inject({
      method: 'POST',
      url: '/api/event-types',
      payload: { ...invoice, consumers: ['consumer-db'] },
    })
    expect(response.statusCode).toBe(201)
    expect(response.headers.location).toBe('/api/event-types/invoice_sent')
    expect(response.json()).toEqual({
      ...invoice,
      version: 1,
      topic: 'invoice_sent',
      builtIn: false,
      consumers: ['consumer-db'],
      published: 0,
    })
    expect(world.declared.at(-1)?.groups.find(({ group }) => group === 'consumer-db')?.topics).toContain('invoice_sent')
    expect(world.declared.at(-1)?.groups.find(({ group }) => group === 'consumer-email')?.topics).not.toContain(
      'invoice_sent',
    )
    expect(world.stored.eventTypes.map(({ name }) => name)).toEqual(['invoice_sent'])
    expect(world.configured.at(-1)?.eventTypes.map(({ name }) => name)).toContain('invoice_sent')
    const published = await app.inject({
      method: 'POST',
      url: '/event',
      payload: { type: 'invoice_sent', data: invoice.example },
    })
    expect(published.statusCode).toBe(202)
    const topology = (await app.inject('/api/topology')).json()
    expect(topology.edges.map(({ id }: { id: string }) => id)).toContain('topic:invoice_sent->queue:consumer-db')
  })

  it('gives a type to every consumer unless asked otherwise', async () => {
    const { app } = await openTestApi()
    const response = await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })
    expect(response.json().consumers).toEqual(['consumer-email', 'consumer-db'])
  })

  it.each([
    [
      'a pattern that would backtrack',
      { properties: { x: { type: 'string', pattern: '^(a+)+$' } } },
      `${'a'.repeat(50_000)}!`,
    ],
    ['a former edition', { $schema: 'http://json-schema.org/draft-07/schema#', dependencies: { x: ['y'] } }, 1],
    ['boolean schemas', { properties: { any: true, x: false } }, 1],
    ['an anchor', { $defs: { p: { $anchor: 'p', type: 'object' } }, properties: { x: { $ref: '#p' } } }, 'x'],
    ['a multiple of a cent', { properties: { x: { multipleOf: 0.01 }, y: { multipleOf: 0.01 } } }, 4.355],
  ])('takes %s and checks data against it', async (_name, schema, x) => {
    const { app } = await openTestApi()
    const example = { any: [1], y: 19.99 }
    const payload = { name: 'parcel_seen', schema, example }
    const created = await app.inject({ method: 'POST', url: '/api/event-types', payload })
    expect([created.statusCode, created.body]).toEqual([201, expect.anything()])
    const publish = (data: object) =>
      app.inject({ method: 'POST', url: '/event', payload: { type: 'parcel_seen', data } })
    expect((await publish(example)).statusCode).toBe(202)
    expect((await publish({ x })).json()).toMatchObject({ code: 'schema_violation' })
  })

  it.each([
    ['a name that exists', { name: 'user_signup' }, 409, 'event_type_exists', undefined],
    ['an unknown field', { colour: 1 }, 400, 'invalid_body', '/colour'],
    ['a schema that is none', { schema: { type: 'objekt' } }, 400, 'invalid_schema', '/schema/type'],
    ['a remote reference', { schema: { $ref: 'https://example.com/s.json' } }, 400, 'invalid_schema', '/schema/$ref'],
    [
      'another dialect',
      { schema: { $schema: 'http://json-schema.org/draft-04/schema#' } },
      400,
      'invalid_schema',
      '/schema/$schema',
    ],
    [
      'a pattern with a look-around',
      { schema: { type: 'object', properties: { a: { type: 'string', pattern: '^(?=a)b' } } } },
      400,
      'invalid_schema',
      '/schema/properties/a/pattern',
    ],
    ['a schema that switches validation off', { schema: { $async: true } }, 400, 'invalid_schema', '/schema/$async'],
    [
      'a reference that leads nowhere',
      { schema: { properties: { a: { $ref: '#/$defs/b' } } } },
      400,
      'invalid_schema',
      '/schema/properties/a/$ref',
    ],
    ['a schema that takes too long', { schema: doubling(40) }, 422, 'schema_too_costly', undefined],
    [
      'unique items without bound',
      { schema: { type: 'object', properties: { a: { type: 'array', uniqueItems: true } } } },
      400,
      'invalid_schema',
      '/schema/properties/a/uniqueItems',
    ],
    [
      'an example that does not fit',
      { example: { invoiceId: 'i-1', amount: 0 } },
      400,
      'invalid_example',
      '/example/amount',
    ],
    ['an unknown consumer', { consumers: ['consumer-x'] }, 400, 'invalid_body', '/consumers/0'],
    ['a key field that is none', { keyField: 'nothing' }, 400, 'invalid_body', '/keyField'],
    ['a bad topic', { topic: 'No Topic' }, 400, 'invalid_body', '/topic'],
  ])('refuses %s', async (_name, change, status, code, path) => {
    const { app, world } = await openTestApi()
    const response = await app.inject({ method: 'POST', url: '/api/event-types', payload: { ...invoice, ...change } })
    expect(response.json()).toMatchObject({ status, code })
    if (path) expect(response.json().errors[0].path).toBe(path)
    expect(world.stored.eventTypes).toEqual([])
  })

  it('judges numbers by every digit: the example, what is published, and whether a schema is another one', async () => {
    const { app } = await openTestApi()
    const send = async (method: 'POST' | 'PUT', url: string, payload: string) => {
      const headers = { 'content-type': 'application/json' }
      const { statusCode, body } = await app.inject({ method, url, headers, payload })
      return { statusCode, body }
    }
    const contents = (most: string, id: string) =>
      `"schema":{"properties":{"id":{"maximum":${most}}}},"example":{"id":${id}}`
    const [last, beyond] = ['9007199254740992', '9007199254740993']
    const create = (most: string, id: string) =>
      send('POST', '/api/event-types', `{"name":"long_id",${contents(most, id)}}`)
    expect((await create(last, beyond)).body).toContain(`must be <= ${last}, is ${beyond}`)
    expect((await create(last, last)).statusCode).toBe(201)
    const publish = () => send('POST', '/event', `{"type":"long_id","data":{"id":${beyond}}}`)
    expect(await publish()).toMatchObject({ statusCode: 400, body: expect.stringContaining('/data/id') })
    const changed = await send('PUT', '/api/event-types/long_id', `{${contents(beyond, last)}}`)
    expect(JSON.parse(changed.body)).toMatchObject({ version: 2 })
    expect((await publish()).statusCode).toBe(202)
  })

  it('counts the version up where the schema is another one, and keeps who takes it', async () => {
    const { app } = await openTestApi()
    const { name, ...rest } = invoice
    await app.inject({
      method: 'POST',
      url: '/api/event-types',
      payload: { ...invoice, consumers: ['consumer-email'] },
    })
    const put = async (payload: object) =>
      (await app.inject({ method: 'PUT', url: `/api/event-types/${name}`, payload })).json()
    expect(await put({ ...rest, example: { invoiceId: 'i-2', amount: 5 } })).toMatchObject({
      version: 1,
      consumers: ['consumer-email'],
    })
    expect(await put({ ...rest, schema: { type: 'object' } })).toMatchObject({
      version: 2,
      consumers: ['consumer-email'],
    })
    expect(await put({ ...rest, name })).toMatchObject({ code: 'invalid_body' })
  })

  it('leaves built-in types alone', async () => {
    const { app } = await openTestApi()
    const { name: _name, ...rest } = invoice
    expect(
      (await app.inject({ method: 'PUT', url: '/api/event-types/user_signup', payload: rest })).json(),
    ).toMatchObject({ code: 'built_in_event_type' })
    expect((await app.inject({ method: 'DELETE', url: '/api/event-types/user_signup' })).json()).toMatchObject({
      code: 'built_in_event_type',
    })
    expect((await app.inject({ method: 'DELETE', url: '/api/event-types/nothing' })).json()).toMatchObject({
      code: 'unknown_event_type',
    })
  })

  it('deletes a type once its messages are settled', async () => {
    const { app, world, currentLab } = await openTestApi()
    await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })
    world.unsettled.invoice_sent = 3
    const url = '/api/event-types/invoice_sent'
    expect((await app.inject({ method: 'DELETE', url })).json()).toMatchObject({
      status: 409,
      code: 'event_type_in_use',
    })
    world.unsettled.invoice_sent = 0
    expect(
      (await app.inject({ method: 'DELETE', url, headers: { 'content-type': 'application/json' } })).statusCode,
    ).toBe(204)
    expect(world.stored.eventTypes).toEqual([])
    expect(currentLab.groupsOf('invoice_sent')).toEqual([])
    expect(world.declared.at(-1)?.topics.map(({ topic }) => topic)).not.toContain('invoice_sent')
  })

  it('changes nothing where broker or database is away', async () => {
    const { app, world, eventTypes } = await openTestApi()
    const broker = world.declare
    world.declare = async () => Promise.reject(new Error('connection refused'))
    expect((await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })).json()).toMatchObject({
      status: 503,
      code: 'broker_down',
    })
    world.declare = broker
    world.databaseUp = false
    expect((await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })).json()).toMatchObject({
      status: 503,
      code: 'database_down',
    })
    expect(world.declared.at(-1)?.topics.map(({ topic }) => topic)).not.toContain('invoice_sent')
    expect(eventTypes.find('invoice_sent')).toBeUndefined()
    world.databaseUp = true
    expect((await app.inject({ method: 'POST', url: '/api/event-types', payload: invoice })).statusCode).toBe(201)
  })

  it('makes changes that come together one after the other', async () => {
    const { app, world } = await openTestApi()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        app.inject({ method: 'POST', url: '/api/event-types', payload: { ...invoice, name: `invoice_${index % 5}` } }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([
      201, 201, 201, 201, 201, 409, 409, 409, 409, 409,
    ])
    expect(world.stored.eventTypes).toHaveLength(5)
    expect(world.configured.at(-1)?.subscriptions.every(({ eventTypes }) => eventTypes.includes('invoice_4'))).toBe(
      true,
    )
  })
})
