import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { createAccessToken } from '../access/access-token.ts'
import { createRequestGuard } from '../access/request-guard.ts'
import { createApi } from './create-api.ts'

const apps: FastifyInstance[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

async function open() {
  const app = await createApi({
    version: '0',
    guard: createRequestGuard({ host: '127.0.0.1', allowedHosts: [] }),
    token: createAccessToken(undefined),
    log: pino({ level: 'silent' }),
    routes: (api) => api.post('/event', async () => ({})),
  })
  apps.push(app)
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, port: (app.server.address() as AddressInfo).port }
}

it('a client whose headers never end is answered and cut off soon after ten seconds', async () => {
  const { app, port } = await open()
  expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([10_000, 30_000])
  app.server.headersTimeout = 500
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /event HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 400[\s\S]*took too long/)
})

it.each(['content-length', 'chunked'])('a body that is far too large (%s) is answered, not reset', async (how) => {
  const { port } = await open()
  const socket = connect(port, '127.0.0.1')
  const errors: Error[] = []
  socket.on('error', (error) => errors.push(error))
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  const bytes = 8_000_000
  const length = how === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`
  socket.write(`POST /event HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${length}\r\n\r\n`)
  const block = Buffer.alloc(100_000, 0x20)
  for (let sent = 0; sent < bytes; sent += block.length) {
    if (how === 'chunked') socket.write(`${block.length.toString(16)}\r\n`)
    if (!socket.write(block)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
    if (how === 'chunked') socket.write('\r\n')
  }
  socket.end(how === 'chunked' ? '0\r\n\r\n' : '')
  await once(socket, 'close')
  expect(answer).toMatch(/^HTTP\/1\.1 413[\s\S]*too_large|problems\/too_large/)
  expect(errors).toEqual([])
})
