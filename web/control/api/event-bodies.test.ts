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
