import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ActionServices } from '../actions/action.ts'
import { startSimulator } from '../server.ts'
import { PlainConnections } from './plain-connections.ts'
import { alsoByTls } from './tls.ts'

const log = pino({ level: 'silent' })
const times = { keepAliveTimeout: 120_000, requestTimeout: 30_000 }

let server: Server
let direct: PlainConnections
/** Resolves when a certificate is asked for, which nobody gets. */
let recognised: Promise<void>
let clients: Socket[]

beforeEach(async () => {
  clients = []
  server = createServer()
  direct = new PlainConnections({ log } as ActionServices, { account: '', secretAccessKey: undefined }, times)
  let isTls = (): void => {}
  recognised = new Promise<void>((resolve) => (isTls = resolve))
  const tls = () => {
    isTls()
    return new Promise<never>(() => {})
  }
  alsoByTls(server, direct, { tls }, log)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  direct.finish()
  server.close()
  await once(server, 'close')
})

function connected(port: number): Socket {
  const client = connect(port, '127.0.0.1')
  client.on('error', () => {})
  clients.push(client)
  return client
}

/** Both ends of a connection. */
async function opened() {
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connected((server.address() as AddressInfo).port)
  const [socket] = await accepted
  const closed = new Promise((resolve) => socket.once('close', resolve))
  return { client, socket, closed }
}

const helloBegins = Buffer.from([0x16, 0x03, 0x01])

test('a client that breaks off while its certificate is made harms nobody', async () => {
  const { client, socket, closed } = await opened()
  client.write(helloBegins)
  await recognised
  const errors: NodeJS.ErrnoException[] = []
  // With none but the test's the error would be thrown, which ends a process.
  expect(socket.listenerCount('error')).toBe(1)
  socket.on('error', (error) => errors.push(error))
  client.resetAndDestroy()
  await closed
  expect(errors.map(({ code }) => code)).toEqual(['ECONNRESET'])
})

test('who sends nothing may do so as long as for a request, and not at all when all end', async () => {
  const late = await opened()
  direct.endLate(Date.now())
  expect(late.socket.destroyed).toBe(false)
  direct.endLate(Date.now() + times.requestTimeout + 1)
  await late.closed
  const [again, secure] = [await opened(), await opened()]
  secure.client.write(helloBegins)
  await recognised
  direct.finish()
  await Promise.all([again.closed, secure.closed])
})

test('a simulator closes though a client has sent nothing', async () => {
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
  const client = connected(simulator.port)
  await once(client, 'connect')
  // Connections are taken in their order: with this answer the silent one is known too.
  expect((await fetch(`${simulator.url}/_faultline/health`)).status).toBe(200)
  await simulator.close()
})
