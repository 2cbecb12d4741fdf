import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../../../test/until.ts'
import { createAccessToken } from '../access/access-token.ts'
import { createRequestGuard } from '../access/request-guard.ts'
import { bodyBytesMax, itemsMax } from '../otlp/limits.ts'
import {
  attribute,
  decoded,
  encoded,
  logLine,
  logsRequestOf,
  type OtlpMessage,
  span,
  tracesRequestOf,
} from '../otlp/otlp.fixture.ts'
import { ReportBudget } from '../otlp/report-budget.ts'
import type { ReportedLog, ReportedSpan } from '../otlp/reported.ts'
import { createApi } from './create-api.ts'
import { otlpRoutes } from './routes/otlp-routes.ts'

type App = Awaited<ReturnType<typeof createApi>>
const apps: App[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

async function open(admits = true) {
  const world = { spans: [] as ReportedSpan[], logs: [] as ReportedLog[], now: 0, fails: false, failed: [] as Error[] }
  const budget = new ReportBudget(() => world.now)
  const app = await createApi({
    version: '0.0.0',
    guard: createRequestGuard({ host: '127.0.0.1', allowedHosts: [] }),
    // The receiver asks for the token of a replica; the token of the API does not hold here.
    token: createAccessToken('the token of the lab'),
    log: pino({ level: 'silent' }),
    routes: (api) =>
      otlpRoutes(api, {
        reports: {
          admits: () => admits,
          begin: () => budget.begin(),
          takeSpans(spans) {
            if (world.fails) throw new Error('broken')
            world.spans.push(...spans)
          },
          takeLogs: (logs) => void world.logs.push(...logs),
          failed: (error) => void world.failed.push(error),
        },
      }),
  })
  apps.push(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const post = async (path: string, type: string | undefined, body: Buffer | string, headers: object = {}) => {
    const sent = new Uint8Array(Buffer.from(body))
    const given = { ...(type === undefined ? {} : { 'content-type': type }), ...headers }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: given, body: sent })
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
  }
  return { world, post, port }
}

const json = 'application/json'
const protobuf = 'application/x-protobuf'
const request = tracesRequestOf([span(1), span(2)])
const asJson = JSON.stringify(request)
const asProtobuf = encoded('TracesRequest', request)
const read = (message: OtlpMessage, type: string, body: Buffer): unknown =>
  type === json ? JSON.parse(body.toString('utf8')) : decoded(message, body)

describe.each([
  { type: json, traces: Buffer.from(asJson), logs: Buffer.from(JSON.stringify(logsRequestOf([logLine()]))) },
  { type: protobuf, traces: asProtobuf, logs: encoded('LogsRequest', logsRequestOf([logLine()])) },
])('POST /v1/traces and /v1/logs as $type', ({ type, traces, logs }) => {
  test('are taken, plain and packed, and answered in the same encoding', async () => {
    const { world, post } = await open()
    for (const [path, body] of [
      ['/v1/traces', traces],
      ['/v1/logs', logs],
    ] as const) {
      const plain = await post(path, type, body)
      const packed = await post(path, `${type}; charset=utf-8`, gzipSync(body), { 'content-encoding': 'gzip' })
      for (const answer of [plain, packed]) {
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
        expect(read('Answer', type, answer.body)).toEqual({})
      }
    }
    expect([world.spans.length, world.logs.length]).toEqual([4, 2])
  })

  test('what is refused is counted in a success', async () => {
    const { world, post } = await open()
    const spans = Array.from({ length: itemsMax + 3 }, (_, n) => span(n + 1, { name: '', kind: 0 }))
    const given = tracesRequestOf(spans)
    const body = type === json ? Buffer.from(JSON.stringify(given)) : encoded('TracesRequest', given)
    const answer = await post('/v1/traces', type, gzipSync(body), { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(200)
    const reason = `more than ${itemsMax} in one request`
    expect(read('Answer', type, answer.body)).toEqual({
      partialSuccess:
        type === json ? { rejectedSpans: '3', errorMessage: reason } : { rejected: '3', errorMessage: reason },
    })
    expect(world.spans).toHaveLength(itemsMax)
  })

  test.each([
    ['what is cut off', 400, () => traces.subarray(0, traces.length - 3), {}, 3],
    ['gzip that is cut off', 400, () => gzipSync(traces).subarray(0, 60), { 'content-encoding': 'gzip' }, 3],
    ['a body that is not gzip', 400, () => traces, { 'content-encoding': 'gzip' }, 3],
    ['an unknown packing', 415, () => traces, { 'content-encoding': 'zstd' }, 3],
    ['a gzip bomb', 413, () => gzipSync(Buffer.alloc(200 * 1024 * 1024)), { 'content-encoding': 'gzip' }, 8],
    ['a body that is too large', 413, () => Buffer.alloc(bodyBytesMax + 1), {}, 8],
  ])('%s is answered with %i and a google.rpc.Status', async (_what, status, body, headers, code) => {
    const { world, post } = await open()
    const answer = await post('/v1/traces', type, body(), headers)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
    expect(read('RpcStatus', type, answer.body)).toEqual({ code, message: expect.stringMatching(/\w{3}/) })
    expect(world.spans).toEqual([])
    // And the next one is taken.
    expect((await post('/v1/traces', type, traces)).status).toBe(200)
  })

  test('without the right token nothing is read', async () => {
    const { post } = await open(false)
    const answer = await post('/v1/logs', type, Buffer.alloc(bodyBytesMax + 1))
    expect(answer.status).toBe(401)
    expect(read('RpcStatus', type, answer.body)).toMatchObject({ code: 16 })
  })

  test('a failure of the lab itself is reported, and reveals nothing of it', async () => {
    const { world, post } = await open()
    world.fails = true
    const answer = await post('/v1/traces', type, traces)
    expect(answer.status).toBe(500)
    expect(read('RpcStatus', type, answer.body)).toEqual({ code: 13, message: expect.not.stringContaining('broken') })
    expect(world.failed).toMatchObject([{ message: 'broken' }])
  })
})

test.each(['text/plain', 'application/xml', 'application/grpc', undefined])('%s is not taken', async (type) => {
  const { post } = await open()
  const answer = await post('/v1/traces', type, asJson)
  expect(answer.status).toBe(415)
  expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 3, message: expect.stringContaining(protobuf) })
})

test('metrics are not taken, and nothing is read there', async () => {
  const { port } = await open()
  const metrics = await fetch(`http://127.0.0.1:${port}/v1/metrics`, { method: 'POST' })
  expect(metrics.status).toBe(404)
  const reading = await fetch(`http://127.0.0.1:${port}/v1/traces`)
  expect([reading.status, reading.headers.get('allow')]).toEqual([405, 'POST'])
})

test('beyond the bytes of a second a sender is put off, and taken again in the next', async () => {
  const { world, post } = await open()
  const large = JSON.stringify(tracesRequestOf([span(1, { attributes: [attribute('x', 'y'.repeat(4_000_000))] })]))
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1) {
    const answer = await post('/v1/traces', json, gzipSync(large), { 'content-encoding': 'gzip' })
    statuses.push(answer.status)
    if (answer.status === 429) expect(answer.headers.get('retry-after')).toBe('1')
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  world.now += 1_000
  expect((await post('/v1/traces', json, asJson)).status).toBe(200)
})

test('senders that hang up half-way leave room for others', async () => {
  const { world, post, port } = await open()
  const sockets = Array.from({ length: 16 }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets)
    socket.write(`POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${json}\r\nContent-Length: 99\r\n\r\n{`)
  await until('all of them under way', async () => (await post('/v1/traces', json, asJson)).status === 429)
  for (const socket of sockets) socket.destroy()
  await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')))
  await until('room', async () => (await post('/v1/traces', json, asJson)).status === 200)
  expect(world.spans.length).toBeGreaterThan(0)
})
