import { describe, expect, test } from 'vitest'
import type { Attempt, Journey, ProgramSpan } from '#contracts/api/journey.ts'
import { spanRequest, spanWords } from './program-span-words.ts'
import { waterfallOf } from './waterfall-model.ts'

const start = Date.parse('2026-01-02T03:04:05.000Z')
const at = (ms: number): string => new Date(start + ms).toISOString()

const span = (from: number, tookMs: number, over: Partial<ProgramSpan> = {}): ProgramSpan => ({
  ...{ spanId: '00000000000000aa', name: 'work', kind: 'internal', service: 'payment', startedAt: at(from), tookMs },
  ...{ state: 'unset', depth: 0, placedBy: 'parent', attributes: {} },
  ...over,
})
const attempt = (spans: ProgramSpan[], over: Partial<Attempt> = {}): Attempt => ({
  ...{ attempt: 1, receiveCount: 1, instance: 'payment-1', startedAt: at(100), queueMs: 0, handlingMs: 300 },
  ...{ outcome: 'ok', spans },
  ...over,
})
function rowsOf(attempts: Attempt[], now = start + 1_000) {
  const journey: Journey = {
    ...{ id: 'shop-1:1:order_placed:1', type: 'order_placed', topic: 'order_placed', broker: 'local', payload: {} },
    ...{ raw: '{}', headers: {}, logs: [], publish: { state: 'acked', attemptedAt: at(0), ackedAt: at(0) } },
    obligations: [{ group: 'payment', state: 'delivered', receiveCount: 1, attempts }],
  }
  return waterfallOf(journey, now).groups[0]?.rows ?? []
}
const innerOf = (...of: Parameters<typeof rowsOf>) => rowsOf(...of).flatMap(({ inner = [] }) => inner)
/** Milliseconds since the publish at which its bar begins and ends; the axis is 400 ms. */
const placeOf = (row: ReturnType<typeof innerOf>[number] | undefined) => {
  const { left = -1, width = -1 } = row?.bars[0] ?? {}
  return [left * 4, (left + width) * 4].map(Math.round)
}

describe('spans of a program in the waterfall', () => {
  test('are within their attempt, outlined, and change no other row', () => {
    const rows = rowsOf([attempt([span(150, 100)])])
    expect(rows.map(({ label }) => label)).toEqual(['wait', 'attempt 1'])
    const [row] = rows[1]?.inner ?? []
    expect(row).toMatchObject({ label: 'work', took: '100 ms', tone: 'idle', glyph: 'span', bars: [{ kind: 'inner' }] })
    expect(placeOf(row)).toEqual([150, 250])
  })

  test('take the tone of an attempt that failed, and tell their own failure', () => {
    const error = { type: 'ReadTimeout', message: '' }
    const failed = innerOf([attempt([span(150, 10)], { outcome: 'error', error })])
    expect(failed[0]?.tone).toBe('retrying')
    const [row] = innerOf([attempt([span(150, 10, { state: 'error', attributes: { 'error.type': 'IOError' } })])])
    expect(row).toMatchObject({ tone: 'retrying', note: 'IOError' })
  })

  test('never leave their attempt, whatever their clock says, and say so', () => {
    const rows = innerOf([attempt([span(-4_000, 10), span(90_000, 10), span(380, 5_000), span(120, 1)])])
    expect(rows.map(placeOf)).toEqual([
      [100, 100],
      [400, 400],
      [380, 400],
      [120, 121],
    ])
    expect(rows.map(({ hint }) => hint?.split('\n')[1])).toEqual([
      expect.stringContaining('began 4.1 s before its attempt'),
      expect.stringContaining('after its attempt had ended'),
      expect.stringContaining('went on for 4.98 s'),
      undefined,
    ])
  })

  test('two of one id are two rows', () => {
    const keys = innerOf([attempt([span(150, 10), span(150, 10)])]).map(({ key }) => key)
    expect(new Set(keys).size).toBe(2)
  })

  test('of a run that goes on they reach to now at most', () => {
    const { handlingMs: _, outcome: __, ...running } = attempt([span(150, 60_000)])
    expect(placeOf(innerOf([running], start + 400)[0])).toEqual([150, 400])
  })
})

test.each<[string, Partial<ProgramSpan>, ReturnType<typeof spanWords>]>([
  [
    'a call by the stable conventions',
    {
      ...{ name: 'POST', kind: 'client' },
      attributes: {
        ...{ 'http.request.method': 'POST', 'url.full': 'http://bank:8080/v1/charges?x=1' },
        'http.response.status_code': '201',
      },
    },
    { verb: 'POST', what: '/v1/charges', note: '201' },
  ],
  [
    'a call by the older ones that had no answer',
    {
      ...{ name: 'HTTP GET', kind: 'client', state: 'error' },
      attributes: { 'http.method': 'GET', 'http.url': 'http://bank/rates' },
    },
    { verb: 'GET', what: '/rates', note: 'failed' },
  ],
  [
    'what the program answers',
    {
      name: 'POST /',
      kind: 'server',
      attributes: { 'http.method': 'POST', 'http.route': '/', 'http.status_code': '200' },
    },
    { verb: 'POST', what: '/', note: '200' },
  ],
  [
    'a statement',
    { name: 'INSERT', attributes: { 'db.system': 'sqlite', 'db.statement': 'INSERT INTO charges VALUES (?)' } },
    { verb: 'INSERT', what: 'charges' },
  ],
  [
    'a statement whose parts are named',
    {
      name: 'x',
      attributes: { 'db.query.text': '…', 'db.operation.name': 'SELECT', 'db.collection.name': 'orders' },
    },
    { verb: 'SELECT', what: 'orders' },
  ],
  ['a commit', { name: 'COMMIT', attributes: { 'db.statement': 'COMMIT', 'db.system': 'x' } }, { what: 'COMMIT' }],
  [
    'an address that cannot be read',
    { name: 'GET', attributes: { 'http.method': 'GET', 'http.url': '::' } },
    { verb: 'GET', what: 'GET' },
  ],
  [
    'a publish at the lab',
    {
      name: 'POST',
      kind: 'client',
      attributes: { 'http.method': 'POST', 'http.url': 'http://127.0.0.1:4711/[secret]' },
    },
    { verb: 'POST', what: 'K_SINK' },
  ],
  ['anything else', { name: 'check the card' }, { what: 'check the card' }],
  ['one without a name', { name: '' }, { what: 'a span' }],
])('%s is shown in few words', (_what, over, words) => {
  expect(spanWords(span(0, 1, over))).toEqual(words)
})

test('what it asked is the statement, or the address', () => {
  expect(spanRequest(span(0, 1, { attributes: { 'db.statement': 'SELECT 1' } }))).toBe('SELECT 1')
  expect(spanRequest(span(0, 1, { attributes: { 'url.full': 'http://bank/' } }))).toBe('http://bank/')
  expect(spanRequest(span(0, 1))).toBeUndefined()
})
