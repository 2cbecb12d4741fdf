import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { deepestJson } from '#contracts/events/json-text.ts'
import { maxDataBytes } from '../publish/publish-event.ts'
import { openTestApi } from './fixtures/test-api.ts'
import { bodyLimitBytes } from './json-body.ts'

const headers = { 'content-type': 'application/json' }
/** What JavaScript's numbers would not bring back as it was written. */
const exactData =
  '{"id":820000000000000508, "neg":-7210194211959421178,"price":1.10,"huge":1e400,"zero":-0,"exp":1.5E+3,"\\u00e9":"\\u0000"}'

let lab: Awaited<ReturnType<typeof openTestApi>>

beforeEach(async () => {
  lab = await openTestApi()
  for (const [name, keyField] of Object.entries({ free_form: undefined, keyed: 'id' })) {
    const payload = { name, schema: { type: 'object' }, example: { id: 'a' }, ...(keyField ? { keyField } : {}) }
    expect((await lab.app.inject({ method: 'POST', url: '/api/event-types', payload })).statusCode).toBe(201)
  }
})

const post = async (payload: string | Buffer, more: Record<string, string> = {}, url = '/event') => {
  const response = await lab.app.inject({ method: 'POST', url, payload, headers: { ...headers, ...more } })
  return { status: response.statusCode, headers: response.headers, answer: response.json(), text: response.payload }
}
const sent = () => lab.world.commands.flatMap((command) => (command.kind === 'publish' ? command.events : []))
const inData = (value: string, type = 'free_form') => `{"type":"${type}","data":${value}}`

describe('numbers', () => {
  it('reach the producer as they are written', async () => {
    expect((await post(`{ "data" : ${exactData} , "type":"free_form"}`)).status).toBe(202)
    expect(sent()).toMatchObject([{ body: exactData }])
  })

  it('are the key as they are written', async () => {
    expect((await post(inData('{"id":820000000000000508}', 'keyed'))).status).toBe(202)
    expect(sent()).toMatchObject([{ key: '820000000000000508' }])
  })

  it('reach the producer in the plan of a burst', async () => {
    const burst = `{"type":"free_form","count":1,"ratePerSecond":1,"data":${exactData}}`
    expect((await post(burst, {}, '/api/bursts')).status).toBe(202)
    expect(lab.world.commands).toMatchObject([{ kind: 'burst.start', plan: { data: exactData } }])
  })
})

describe('an event type with numbers beyond 2^53', () => {
  const schema =
    '{"type":"object","properties":{"id":{"type":"integer","maximum":9223372036854775807,"default":9007199254740993}}}'
  const example = '{"id":820000000000000508,"price":0.1234567890123456789}'
  const type = (name: string) => `{"name":"${name}","schema":${schema},"example":${example},"keyField":"id"}`

  it('is answered, listed and exported as it was written', async () => {
    const created = await post(type('till_closed'), {}, '/api/event-types')
    expect(created.status).toBe(201)
    const read = async (url: string) => (await lab.app.inject({ method: 'GET', url })).payload
    const list = await read('/api/event-types')
    for (const text of [created.text, list, await read('/api/topology/asyncapi')]) {
      expect(text).toContain(schema)
      expect(text).toContain(example)
    }
    expect(list).not.toContain('"exact"')
  })

  it('sends the example as it was written in a burst without data, and keeps it when it is replaced', async () => {
    expect((await post(type('till_closed'), {}, '/api/event-types')).status).toBe(201)
    const changed = type('till_closed').replace('"name":"till_closed",', '').replace('508', '509')
    const url = '/api/event-types/till_closed'
    expect((await lab.app.inject({ method: 'PUT', url, payload: changed, headers })).payload).toContain(
      '820000000000000509',
    )
    expect((await post('{"type":"till_closed","count":1,"ratePerSecond":1}', {}, '/api/bursts')).status).toBe(202)
    expect(lab.world.commands).toMatchObject([{ kind: 'burst.start', plan: { data: example.replace('508', '509') } }])
  })
})

describe('what the database does not store', () => {
  const shown = { name: 'x', schema: {}, example: {} }
  it.each([
    ['/api/event-types', { ...shown, example: { a: { 'b/c': 'x\u0000' } } }, '/example/a/b~1c', 'U+0000'],
    ['/api/event-types', { ...shown, example: { 'a\u0000': 1 } }, '/example', 'U+0000'],
    ['/api/event-types', { ...shown, schema: { title: '\ud83d' } }, '/schema/title', 'half a surrogate pair'],
    ['/api/event-types', { ...shown, schema: { enum: ['a', '\udc00'] } }, '/schema/enum/1', 'half a surrogate pair'],
    ['/api/event-types', { ...shown, email: { subject: '\u0000', body: 'b' } }, '/email/subject', 'U+0000'],
    ['/api/event-log', { message: 'a\u0000b' }, '/message', 'U+0000'],
    ['/api/event-log', { message: 'a\ud800' }, '/message', 'half a surrogate pair'],
    [
      '/api/faults',
      { type: 'handler.error', target: { service: 'consumer-db' }, params: { message: '\u0000' } },
      '/params/message',
      'U+0000',
    ],
    ['/api/bursts', { type: 'free_form\u0000', count: 1, ratePerSecond: 1 }, '/type', 'U+0000'],
    ['/api/dead-letters/redrive', { group: '\ud800' }, '/group', 'half a surrogate pair'],
  ])('is refused by %s with its place: %j', async (url, body, path, reason) => {
    const { status, answer } = await post(JSON.stringify(body), {}, url)
    expect({ status, code: answer.code, errors: answer.errors }).toEqual({
      ...{ status: 400, code: 'invalid_body' },
      errors: [{ path, message: expect.stringContaining(reason) }],
    })
  })

  it.each(['/api/bursts/a%00', '/api/messages/%00', '/api/outbox/emails/%00', '/api/faults/%00'])(
    'is no name in an address: %s',
    async (url) => {
      for (const method of ['GET', 'DELETE'] as const) {
        const { statusCode } = await lab.app.inject({ method, url })
        expect([method, statusCode]).toEqual([method, expect.toSatisfy((status) => [400, 404, 405].includes(status))])
      }
      expect((await lab.app.inject({ method: 'GET', url })).json()).toMatchObject({ code: 'bad_request' })
    },
  )

  it('is refused in every parameter of every query, with its name', async () => {
    type Described = Record<string, { get?: { parameters?: { in: string; name: string }[] } }>
    const document = (await lab.app.inject('/api/openapi.json')).json<{ paths: Described }>()
    const asked = Object.entries(document.paths).flatMap(([path, { get }]) =>
      (get?.parameters ?? []).flatMap((one) => (one.in === 'query' ? [{ path, name: one.name }] : [])),
    )
    expect(asked.length).toBeGreaterThan(20)
    for (const { path, name } of asked) {
      const url = `${path.replaceAll(/\{\w+\}/g, 'a')}?${name}=a%00b`
      const { statusCode, payload } = await lab.app.inject(url)
      expect([url, statusCode, payload]).toEqual([url, 400, expect.stringContaining(`/${name}`)])
    }
  })

  it('is refused in a retry policy', async () => {
    const payload = JSON.stringify({ retryPolicy: { nonRetryableErrorTypes: ['A', 'B\u0000'] } })
    const answer = await lab.app.inject({ method: 'PUT', url: '/api/subscriptions/consumer-db', payload, headers })
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ path: '/retryPolicy/nonRetryableErrorTypes/1' }] })
  })

  it.each(['1e400', '-1e999999', '1e-999999', '9'.repeat(2_000), `0.${'1'.repeat(2_000)}`])(
    'is refused as a number: %.20s',
    async (number) => {
      const body = `{"name":"x","schema":{},"example":{"n":[${number}]}}`
      expect((await post(body, {}, '/api/event-types')).answer).toMatchObject({
        ...{ status: 400, code: 'invalid_body' },
        errors: [{ path: '/example/n/0' }],
      })
    },
  )
})

describe('keys that a broker cannot carry', () => {
  it.each([
    ['half a surrogate pair', '"a\\ud83d"', 'surrogate'],
    ['NUL', '"a\\u0000"', 'U+0000'],
    ['a control character', '"\\u001b[0m"', 'U+001B'],
    ['a noncharacter', '"\\uffff"', 'U+FFFF'],
    ['too many characters', `"${'x'.repeat(257)}"`, '256'],
    ['nothing', '""', 'empty'],
    ['a number of too many digits', '1'.repeat(300), '256'],
  ])('are refused with their place: %s', async (_, key, reason) => {
    const derived = await post(inData(`{"id":${key}}`, 'keyed'))
    expect(derived).toMatchObject({ status: 400, answer: { code: 'invalid_body', errors: [{ path: '/data/id' }] } })
    expect(derived.answer.detail).toContain(reason)
    if (key.startsWith('"')) {
      const given = await post(`{"type":"free_form","data":{},"key":${key}}`)
      expect(given).toMatchObject({ status: 400, answer: { code: 'invalid_body', errors: [{ path: '/key' }] } })
    }
    const burst = `{"type":"keyed","count":1,"ratePerSecond":1,"data":{"id":${key}}}`
    expect(await post(burst, {}, '/api/bursts')).toMatchObject({ status: 400, answer: { code: 'invalid_body' } })
    expect(lab.world.commands).toEqual([])
  })

  it('leave the same text in other fields alone', async () => {
    expect((await post(inData('{"note":"a\\ud83d","nul":"\\u0000"}'))).status).toBe(202)
    expect(sent()).toMatchObject([{ body: '{"note":"a\\ud83d","nul":"\\u0000"}' }])
  })
})

describe('names and depth', () => {
  it('takes names that objects have as plain data', async () => {
    const data = '{"constructor":{"prototype":{"x":1}},"toString":"x"}'
    expect((await post(inData(data))).status).toBe(202)
    expect(sent()).toMatchObject([{ body: data }])
  })

  it.each([
    ['{"__proto__":{"a":1}}', '/data/__proto__'],
    ['{"list":[{"\\u005f_proto__":1}]}', '/data/list/0/__proto__'],
  ])('names the place of the prototype in %s', async (data, path) => {
    const { status, answer } = await post(inData(data))
    expect({ status, code: answer.code, paths: answer.errors.map((error: { path: string }) => error.path) }).toEqual({
      ...{ status: 400, code: 'invalid_body', paths: [path] },
    })
    expect(lab.world.commands).toEqual([])
  })

  it.each([
    ['arrays', '[', ']', '/0'],
    ['objects', '{"a":', '}', '/a'],
  ])('takes %s up to the bound and names the place beyond it', async (_, open, close, step) => {
    const deep = (levels: number) =>
      inData(`{"x":${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}}`)
    expect((await post(deep(deepestJson - 1))).status).toBe(202)
    for (const levels of [deepestJson, 3_000, 40_000]) {
      const { status, answer } = await post(deep(levels))
      expect({ status, code: answer.code }).toEqual({ status: 400, code: 'invalid_body' })
      expect(answer.errors[0].path).toBe(`/data/x${step.repeat(deepestJson - 1)}`)
      expect(answer.detail).toContain('levels')
    }
    expect(lab.world.commands).toHaveLength(1)
  })

  it('holds for every other body', async () => {
    const payload = `{"ids":["a"],"payload":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
    expect(await post(payload, {}, '/api/dead-letters/redrive')).toMatchObject({
      ...{ status: 400, answer: { code: 'invalid_body', errors: [{ path: `/payload${'/0'.repeat(deepestJson)}` }] } },
    })
  })
})

describe('Content-Encoding', () => {
  const body = inData('{"id":820000000000000508}')
  it.each([
    ['gzip', gzipSync(body)],
    ['x-gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['br', brotliCompressSync(body)],
    ['gzip, br', brotliCompressSync(gzipSync(body))],
    ['identity', Buffer.from(body)],
    ['', Buffer.from(body)],
  ])('takes %s', async (encoding, payload) => {
    expect((await post(payload, { 'content-encoding': encoding })).status).toBe(202)
    expect(sent()).toMatchObject([{ body: '{"id":820000000000000508}' }])
  })

  it.each(['zstd', 'compress', 'gzip, nonsense', 'constructor', 'gzip, gzip, gzip, gzip'])(
    'refuses %s by its name',
    async (encoding) => {
      const { status, answer, headers: answered } = await post(gzipSync(body), { 'content-encoding': encoding })
      expect({ status, code: answer.code }).toEqual({ status: 415, code: 'unsupported_media_type' })
      expect(answer.detail).toContain('Content-Encoding')
      expect(answered['accept-encoding']).toBe('gzip, deflate, br')
    },
  )

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000, ' '))],
    ['deflate', deflateSync(Buffer.alloc(50_000_000, ' '))],
    ['br', brotliCompressSync(Buffer.alloc(50_000_000, ' '))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000, ' ')))],
  ])('stops unpacking %s at the bound', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(bodyLimitBytes)
    expect(await post(bomb, { 'content-encoding': encoding })).toMatchObject({
      ...{ status: 413, answer: { code: 'too_large' } },
    })
  })

  it.each([
    ['what is not packed', Buffer.from(body)],
    ['half of it', gzipSync(body).subarray(0, 30)],
  ])('says that the bytes are not gzip: %s', async (_, payload) => {
    const { status, answer } = await post(payload, { 'content-encoding': 'gzip' })
    expect({ status, code: answer.code }).toEqual({ status: 400, code: 'bad_request' })
    expect(answer.detail).toContain('gzip')
  })

  it('holds the bound of data by what was unpacked', async () => {
    const large = inData(`{"x":"${'a'.repeat(maxDataBytes)}"}`)
    expect(await post(gzipSync(large), { 'content-encoding': 'gzip' })).toMatchObject({
      ...{ status: 413, answer: { code: 'too_large', detail: expect.stringContaining('SNS') } },
    })
  })
})

describe('text that is not JSON', () => {
  it.each([
    ['a byte order mark', '\ufeff{}', 'byte order mark'],
    ['a number with a leading zero', inData('{"a":01}'), 'JSON'],
    ['NaN', inData('{"a":NaN}'), 'JSON'],
  ])('is refused: %s', async (_, payload, reason) => {
    const { status, answer } = await post(payload)
    expect({ status, code: answer.code }).toEqual({ status: 400, code: 'invalid_json' })
    expect(answer.detail).toContain(reason)
  })
})

it('an answer has the digits of a message, and its text', async () => {
  const { commands } = lab.world
  expect(commands).toEqual([])
  const id = 'producer-1:1:free_form:1'
  const journey = {
    ...{ id, type: 'free_form', topic: 'free_form', broker: 'local' as const, payload: JSON.parse(exactData) },
    ...{ raw: exactData, headers: {}, obligations: [], logs: [] },
    publish: { state: 'acked' as const, attemptedAt: '2026-01-02T03:04:05Z' },
  }
  lab.world.journeys[id] = journey
  const { payload } = await lab.app.inject(`/api/messages/${id}`)
  expect(payload).toContain(`"payload":${exactData},`)
  expect(JSON.parse(payload).raw).toBe(exactData)
  lab.world.journeys[id] = { ...journey, raw: 'no "JSON', payload: 'no "JSON' }
  expect((await lab.app.inject(`/api/messages/${id}`)).json().payload).toBe('no "JSON')
})
