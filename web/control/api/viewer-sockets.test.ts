import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io as connect, Manager, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { liveNamespace } from '#contracts/api/live.ts'
import { agentNamespace } from '#contracts/protocols/agent.ts'
import { createAccessToken } from '../access/access-token.ts'
import { createRequestGuard } from '../access/request-guard.ts'
import { smallPacketBytes } from './packet-limits.ts'
import { openSockets } from './viewer-sockets.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(token?: string) {
  const server = createServer()
  const access = createAccessToken(token)
  const io = openSockets(server, { guard: createRequestGuard({ host: '127.0.0.1', allowedHosts: [] }), token: access })
  const pushed: number[] = []
  io.of(agentNamespace).on('connection', (socket) =>
    socket.on('telemetry', (bytes: Buffer, done?: () => void) => {
      pushed.push(bytes.length)
      done?.()
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => void io.close())
  const { port } = server.address() as AddressInfo
  return { port, access, pushed, url: `http://127.0.0.1:${port}` }
}

/** `connected`, or why not. */
function outcome(url: string, options: object = {}): Promise<string> {
  const socket: Socket = connect(url, { forceNew: true, reconnection: false, ...options })
  closers.push(() => socket.close())
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'))
    socket.once('connect_error', (error) => resolve(error.message))
  })
}

/** Headers of a raw request for a transport. */
const upgrade: Record<string, Record<string, string>> = {
  polling: {},
  websocket: {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  },
}

/** Status of a request whose Host header is not the address that it goes to, as after DNS rebinding. */
function rawStatus(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    call.once('upgrade', (response) => resolve(response.statusCode))
    call.once('error', reject)
    call.end()
  })
}

describe.each(['websocket', 'polling'])('sockets over %s', (transport) => {
  const over = (options: object = {}) => ({ transports: [transport], ...options })

  it('take their own pages and clients that are no browser', async () => {
    const { url } = await serve()
    expect(await outcome(url + liveNamespace, over())).toBe('connected')
    expect(await outcome(url + liveNamespace, over({ extraHeaders: { origin: url } }))).toBe('connected')
  })

  it('refuse pages of other sites and names of other servers', async () => {
    const { url } = await serve()
    expect(await outcome(url + liveNamespace, over({ extraHeaders: { origin: 'https://evil.example' } }))).not.toBe(
      'connected',
    )
    const path = `/socket.io/?EIO=4&transport=${transport}`
    expect(await rawStatus(url + path, { host: 'evil.example', ...upgrade[transport] })).toBeGreaterThanOrEqual(400)
  })

  it('ask viewers for the token; sidecars have a secret of their own', async () => {
    const { url, access } = await serve('a-long-secret')
    const cookie = access.cookieFor('a-long-secret')?.split(';')[0] ?? ''
    expect(await outcome(url + liveNamespace, over())).toContain('unauthorized')
    expect(await outcome(url + liveNamespace, over({ auth: { token: 'wrong' } }))).toContain('unauthorized')
    expect(await outcome(url + liveNamespace, over({ auth: { token: 'a-long-secret' } }))).toBe('connected')
    expect(await outcome(url + liveNamespace, over({ extraHeaders: { cookie } }))).toBe('connected')
    expect(await outcome(url + agentNamespace, over())).toBe('connected')
  })

  /** Resolves when the server has ended the connection over which this was sent. */
  const ends = ({ engine }: Manager, send: () => unknown) =>
    new Promise<string>((resolve) => {
      engine.once('close', () => resolve('ended'))
      send()
    })
  /** A connection that no namespace has admitted. */
  async function stranger(url: string): Promise<Manager> {
    const manager = new Manager(url, { reconnection: false, autoConnect: false, ...over() })
    closers.push(() => manager.engine?.close())
    await new Promise<void>((resolve, reject) => manager.open((error) => (error ? reject(error) : resolve())))
    return manager
  }
  async function viewer(url: string): Promise<Socket> {
    const socket = connect(url + liveNamespace, {
      ...{ forceNew: true, reconnection: false, auth: { token: 'a-long-secret' } },
      ...over(),
    })
    closers.push(() => socket.close())
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    return socket
  }

  it('take large and binary packets of sidecars, and of nobody else', async () => {
    const { url, pushed } = await serve('a-long-secret')
    const large = 'x'.repeat(smallPacketBytes + 1)
    const one = await stranger(url)
    expect(await ends(one, () => one.engine.write(large))).toBe('ended')
    const many = await stranger(url)
    const send = () => Array.from({ length: 70 }, () => many.engine.write(`2/live,["${'y'.repeat(1_000)}"]`))
    expect(await ends(many, send)).toBe('ended')
    const loud = await viewer(url)
    expect(await ends(loud.io, () => loud.emit('watch', large))).toBe('ended')
    const binary = await viewer(url)
    expect(await ends(binary.io, () => binary.emit('watch', Buffer.alloc(10)))).toBe('ended')

    const sidecar = connect(url + agentNamespace, { forceNew: true, reconnection: false, ...over() })
    closers.push(() => sidecar.close())
    await sidecar.timeout(20_000).emitWithAck('telemetry', Buffer.alloc(5_000_000))
    expect(pushed).toEqual([5_000_000])
  })
})
