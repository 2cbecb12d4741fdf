import { describe, expect, it } from 'vitest'
import { AgentSilent, AgentUnavailable } from '../problem/agent-unavailable.ts'
import { openTestApi } from './fixtures/test-api.ts'
import { acknowledging } from './fixtures/test-world.ts'

const signup = { type: 'user_signup', data: { email: 'test@example.com' } }
const json = { 'content-type': 'application/json' }

describe('POST /event', () => {
  it('answers 202 with the id after the broker acknowledged', async () => {
    const { app, world } = await openTestApi()
    const response = await app.inject({ method: 'POST', url: '/event', payload: signup })
    expect(response.statusCode).toBe(202)
    expect(response.json()).toMatchObject({
      id: 'producer-1:1:user_signup:1',
      type: 'user_signup',
      topic: 'user_signup',
      state: 'acked',
      ref: 'sns-1',
    })
    expect(world.commands).toEqual([
      {
        kind: 'publish',
        events: [
          {
            ...{ type: 'user_signup', topic: 'user_signup', version: 1, key: 'test@example.com' },
            body: JSON.stringify(signup.data),
          },
        ],
      },
    ])
  })

  it('continues the trace of the caller and ignores one that is not valid', async () => {
    const { app, world } = await openTestApi()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const headers = { traceparent, tracestate: 'vendor=1' }
    await app.inject({ method: 'POST', url: '/event', payload: signup, headers })
    await app.inject({ method: 'POST', url: '/event', payload: signup, headers: { traceparent: '00-0-0-01' } })
    const events = world.commands.flatMap((command) => (command.kind === 'publish' ? command.events : []))
    expect(events[0]).toMatchObject(headers)
    expect(events[1]).not.toHaveProperty('traceparent')
  })

  it('takes the key that is given before the key field', async () => {
    const { app, world } = await openTestApi()
    await app.inject({ method: 'POST', url: '/event', payload: { ...signup, key: 'mine' } })
    expect(world.commands[0]).toMatchObject({ events: [{ key: 'mine' }] })
  })

  it('sends what arrives together in few commands and answers each in order', async () => {
    const { app, world } = await openTestApi()
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        app.inject({
          method: 'POST',
          url: '/event',
          payload: { type: 'user_signup', data: { email: `u${index}@example.com` } },
        }),
      ),
    )
    expect(answers.every(({ statusCode }) => statusCode === 202)).toBe(true)
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(300)
    expect(world.commands.length).toBeLessThan(100)
  })

  it.each([
    ['a wrong type of body', '[]', 400, 'invalid_body', [['', 'expected object, received array']]],
    ['a missing type', '{"data":{}}', 400, 'invalid_body', [['/type', 'is required (string)']]],
    [
      'an unknown field',
      '{"type":"user_signup","data":{"email":"a@b.co"},"colour":1}',
      400,
      'invalid_body',
      [['/colour', 'unknown field; known: type, data, key']],
    ],
    [
      'every schema error',
      '{"type":"order_placed","data":{"email":"x","items":[],"total":-1}}',
      400,
      'schema_violation',
      [
        ['/data/orderId', 'is required'],
        ['/data/email', 'must match format "email"'],
        ['/data/items', 'must NOT have fewer than 1 items'],
        ['/data/total', 'must be >= 0, is -1'],
      ],
    ],
    [
      'an unknown data field',
      '{"type":"user_signup","data":{"email":"a@b.co","age":4}}',
      400,
      'schema_violation',
      [['/data/age', 'unknown field; known: email, name']],
    ],
    ['an unknown type', '{"type":"nothing","data":{}}', 404, 'unknown_event_type', undefined],
    ['a bad type name', '{"type":"No Way","data":{}}', 400, 'invalid_body', undefined],
    ['broken JSON', '{"type":', 400, 'invalid_json', undefined],
    ['an empty body', '', 400, 'invalid_json', undefined],
    [
      'a prototype key',
      '{"type":"user_signup","data":{"__proto__":{"x":1},"email":"a@b.co"}}',
      400,
      'invalid_body',
      [['/data/__proto__', 'is a name that would reach the prototype of an object; rename it']],
    ],
    [
      'an escaped prototype key',
      '{"type":"user_signup","data":{"\\u005f_proto__":{"x":1}}}',
      400,
      'invalid_body',
      [['/data/__proto__', 'is a name that would reach the prototype of an object; rename it']],
    ],
    [
      'a constructor key',
      '{"type":"user_signup","data":{"constructor":{"prototype":{}},"email":"a@b.co"}}',
      400,
      'schema_violation',
      [['/data/constructor', 'unknown field; known: email, name']],
    ],
    ['null', 'null', 400, 'invalid_body', undefined],
    [
      'a body past 256 KiB',
      JSON.stringify({ type: 'user_signup', data: { email: 'a'.repeat(300_000) } }),
      413,
      'too_large',
      undefined,
    ],
  ])('refuses %s', async (_name, payload, status, code, errors) => {
    const { app, world } = await openTestApi()
    const response = await app.inject({ method: 'POST', url: '/event', payload, headers: json })
    expect({ status: response.statusCode, code: response.json().code }).toEqual({ status, code })
    expect(response.headers['content-type']).toContain('application/problem+json')
    expect(response.json()).toMatchObject({ type: `/problems/${code}`, status })
    if (errors) expect(response.json().errors).toEqual(errors.map(([path, message]) => ({ path, message })))
    expect(world.commands).toEqual([])
  })

  it('refuses bytes that are not UTF-8', async () => {
    const { app } = await openTestApi()
    const payload = Buffer.concat([
      Buffer.from('{"type":"user_signup","data":{"email":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}}'),
    ])
    const response = await app.inject({ method: 'POST', url: '/event', payload, headers: json })
    expect(response.json()).toMatchObject({ code: 'invalid_json', detail: 'the body is not valid UTF-8' })
  })

  it('takes the last of repeated keys', async () => {
    const { app } = await openTestApi()
    const payload = '{"type":"nothing","type":"user_signup","data":{"email":"a@b.co"}}'
    expect((await app.inject({ method: 'POST', url: '/event', payload, headers: json })).statusCode).toBe(202)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    undefined,
  ])('refuses the content type %s', async (type) => {
    const { app } = await openTestApi()
    const headers = type === undefined ? {} : { 'content-type': type }
    const response = await app.inject({
      method: 'POST',
      url: '/event',
      payload: Buffer.from(JSON.stringify(signup)),
      headers,
    })
    expect(response.json()).toMatchObject({ code: 'unsupported_media_type', status: 415 })
  })

  it('says that an event was certainly not sent', async () => {
    const { app, world } = await openTestApi()
    world.producer = async () => ({
      id: 1,
      ok: true,
      results: [
        { id: 'producer-1:1:user_signup:1', state: 'failed', error: { type: 'X', message: 'connection refused' } },
      ],
    })
    const response = await app.inject({ method: 'POST', url: '/event', payload: signup })
    expect(response.json()).toMatchObject({ status: 503, code: 'publish_failed' })
    expect(response.json().detail).toContain('connection refused')
  })

  it.each([
    ['MessageTooLarge', 413, 'too_large'],
    ['InvalidKey', 400, 'invalid_body'],
    ['NotLeader', 503, 'publish_failed'],
  ])('tells an event that the broker takes never from one that it may take later: %s', async (type, status, code) => {
    const { app, world } = await openTestApi()
    const id = 'producer-1:1:user_signup:1'
    world.producer = async () => ({
      ...{ id: 1, ok: true },
      results: [{ id, state: 'failed', error: { type, message: 'more than max.message.bytes' } }],
    })
    const response = await app.inject({ method: 'POST', url: '/event', payload: signup })
    expect(response.json()).toMatchObject({ status, code, detail: expect.stringContaining('max.message.bytes') })
  })

  it('names the id of an event whose outcome is unknown', async () => {
    const { app, world } = await openTestApi()
    world.producer = async () => ({
      id: 1,
      ok: true,
      results: [
        { id: 'producer-1:1:user_signup:1', state: 'indeterminate', error: { type: 'X', message: 'no answer' } },
      ],
    })
    const response = await app.inject({ method: 'POST', url: '/event', payload: signup })
    expect(response.json()).toMatchObject({
      status: 504,
      code: 'publish_indeterminate',
      id: 'producer-1:1:user_signup:1',
      state: 'indeterminate',
    })
  })

  it.each([
    [
      'no producer is up',
      () => Promise.reject(new AgentUnavailable('no replica of producer is up')),
      503,
      'producer_down',
    ],
    [
      'its producer died',
      async () => ({ id: 1, ok: false as const, error: { type: 'WorkerGone', message: 'died' } }),
      504,
      'publish_indeterminate',
    ],
    [
      'its sidecar fell silent',
      () => Promise.reject(new AgentSilent('producer did not answer within 15000 ms')),
      504,
      'publish_indeterminate',
    ],
    [
      'its producer starts',
      async () => ({
        id: 1,
        ok: false as const,
        error: { type: 'WorkerUnavailable', message: 'producer-1 is starting' },
      }),
      503,
      'producer_down',
    ],
    [
      'the producer refuses',
      async () => ({ id: 1, ok: false as const, error: { type: 'Draining', message: 'stopping' } }),
      503,
      'publish_failed',
    ],
    [
      'the command never came back',
      () => Promise.reject(new Error('no answer within 15,000 ms')),
      504,
      'publish_indeterminate',
    ],
  ])('answers when %s', async (_name, producer, status, code) => {
    const { app, world } = await openTestApi()
    world.producer = producer
    const response = await app.inject({ method: 'POST', url: '/event', payload: signup })
    expect(response.json()).toMatchObject({ status, code })
    world.producer = acknowledging()
    expect((await app.inject({ method: 'POST', url: '/event', payload: signup })).statusCode).toBe(202)
  })

  it('takes nothing while it stops, and finishes what it took', async () => {
    const { app, world, queue } = await openTestApi()
    let acknowledge = (): void => undefined
    const held = new Promise<void>((resolve) => {
      acknowledge = resolve
    })
    const producer = world.producer
    world.producer = async (command) => {
      await held
      return producer(command)
    }
    const first = app.inject({ method: 'POST', url: '/event', payload: signup })
    await expect.poll(() => world.commands.length).toBe(1)
    const drained = queue.drain()
    expect((await app.inject({ method: 'POST', url: '/event', payload: signup })).json()).toMatchObject({
      status: 503,
      code: 'shutting_down',
    })
    acknowledge()
    await drained
    expect((await first).statusCode).toBe(202)
  })
})
