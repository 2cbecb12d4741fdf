import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Reply } from '../protocol/reply.ts'
import { requestBytes } from '../semantics/limits.ts'
import type { Asking } from './answer.ts'
import { PlainConnection } from './plain-connection.ts'

const patience = { timeout: 20_000 }

let server: Server
let clients: Socket[]
/** What was asked and is to be answered. */
let asked: Asking[]
let answer: (asking: Asking) => Promise<Reply>
let ended: PlainConnection[]

beforeEach(async () => {
  clients = []
  asked = []
  ended = []
  answer = async ({ url }) => reply(url)
  server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  server.close()
  await once(server, 'close')
})

const reply = (text: string): Reply => ({ status: 200, contentType: 'text/plain', text })
const request = (url: string, body = ''): string =>
  `POST ${url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** A client that reads nothing until it is asked to, and its connection once the first bytes of it were read. */
async function opened(first: string) {
  const taken = once(server, 'connection') as Promise<[Socket]>
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  clients.push(client)
  client.on('error', () => {})
  client.write(first)
  const [socket] = await taken
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.pause()
  const connection = new PlainConnection(socket, {
    answer: (asking) => {
      asked.push(asking)
      return answer(asking)
    },
    refuses: () => false,
    newId: () => 'id',
    handOver: () => {
      throw new Error('all requests of these tests are plain')
    },
    onBroken: () => {},
    onUnanswerable: () => {},
    onEnded: (connection) => void ended.push(connection),
    keepAliveSeconds: 120,
  })
  const chunks: Buffer[] = []
  const read = () => client.on('data', (chunk: Buffer) => chunks.push(chunk))
  const text = () => Buffer.concat(chunks).toString('latin1')
  const begin = (last = false) => connection.begin(bytes, last)
  return { client, socket, connection, begin, read, text }
}

const named = (text: string): string[] => [...text.matchAll(/<(\/\d+)>/g)].map(([, url = '']) => url)

test('what a client asks for is done only as fast as it takes the answers, and all of it in order', async () => {
  const filling = 'x'.repeat(1_000_000)
  const untaken: number[] = []
  const { client, socket, connection, begin, read, text } = await opened(request('/0'))
  answer = async ({ url }) => {
    untaken.push(socket.writableLength)
    return reply(`<${url}>${filling}`)
  }
  begin()
  const urls = Array.from({ length: 60 }, (_, index) => `/${index}`)
  client.write(
    urls
      .slice(1, 40)
      .map((url) => request(url))
      .join(''),
  )
  await expect.poll(() => connection.state, patience).toBe('draining')
  // What the system's own buffers hold counts as taken.
  expect(asked.length).toBeLessThan(40)
  client.write(
    urls
      .slice(40)
      .map((url) => request(url))
      .join(''),
  )
  read()
  await expect.poll(() => asked.length, patience).toBe(60)
  await expect.poll(() => connection.state, patience).toBe('reading')
  await expect.poll(() => named(text()), patience).toEqual(urls)
  // No request was begun while an answer was still held here.
  expect(Math.max(...untaken)).toBeLessThan(socket.writableHighWaterMark)
})

test('a request that has come in part when the connection is to end is answered, as the last', async () => {
  const whole = request('/0', 'a body')
  const { client, connection, begin, read, text } = await opened(whole.slice(0, -3))
  begin()
  expect(connection.isPartial).toBe(true)
  connection.finish()
  const closed = once(client, 'close')
  read()
  client.write(whole.slice(-3) + request('/1'))
  await closed
  expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\nConnection: close\r\n\r\n\/0$/s)
  expect(asked.map(({ url }) => url)).toEqual(['/0'])
  await expect.poll(() => ended, patience).toContain(connection)
})

test('what was sent behind the request that is answered last is not begun', async () => {
  let release = (_: Reply): void => {}
  answer = () => new Promise((resolve) => (release = resolve))
  const { client, connection, begin, read, text } = await opened(request('/0') + request('/1'))
  begin()
  expect(connection.state).toBe('answering')
  connection.finish()
  const closed = once(client, 'close')
  read()
  release(reply('done'))
  await closed
  expect(text()).toMatch(/Connection: close\r\n\r\ndone$/)
  expect(asked.map(({ url }) => url)).toEqual(['/0'])
})

test('a connection whose first bytes come while all end is answered once', async () => {
  const { client, begin, read, text } = await opened(request('/0') + request('/1'))
  const closed = once(client, 'close')
  read()
  begin(true)
  await closed
  expect(text()).toMatch(/Connection: close\r\n\r\n\/0$/)
  expect(asked.map(({ url }) => url)).toEqual(['/0'])
})

test('one that ends while its client takes an answer still gives all of it', async () => {
  answer = async () => reply('x'.repeat(20_000_000))
  const { client, connection, begin, read, text } = await opened(request('/0'))
  begin()
  await expect.poll(() => connection.state, patience).toBe('draining')
  connection.finish()
  const closed = once(client, 'close')
  read()
  await closed
  expect(text().split('\r\n\r\n')[1]?.length).toBe(20_000_000)
})

/** One whose first request waits for a message, and how often it heard that its client went away. */
async function waiting(first: string) {
  const connection = await opened(first)
  let departures = 0
  answer = ({ client }) => {
    client.onGone(() => (departures += 1))
    return new Promise(() => {})
  }
  connection.begin()
  return { ...connection, departures: () => departures }
}

test('a client that ends its side is gone, though it has not taken all of its answers', async () => {
  answer = async () => reply('x'.repeat(20_000_000))
  const { client, socket, connection, begin, read, text } = await opened(request('/0') + request('/1'))
  begin()
  await expect.poll(() => connection.state, patience).toBe('draining')
  let departures = 0
  let release = (_: Reply): void => {}
  answer = (asking) => {
    asking.client.onGone(() => (departures += 1))
    return new Promise((resolve) => (release = resolve))
  }
  read()
  await expect.poll(() => asked.length, patience).toBe(2)
  expect([departures, connection.gone]).toEqual([0, false])
  client.end()
  await expect.poll(() => departures, patience).toBe(1)
  expect(connection.gone).toBe(true)
  release(reply('for nobody'))
  await expect.poll(() => socket.destroyed, patience).toBe(true)
  expect(text()).not.toContain('for nobody')
  expect(departures).toBe(1)
})

test('that a client goes away is heard whatever it sent ahead of a wait', async () => {
  const ahead = request('/1', 'x'.repeat(300_000))
  const { client, departures } = await waiting(request('/0'))
  const sent = new Promise((resolve) => client.write(ahead, resolve))
  await sent
  expect(departures()).toBe(0)
  client.resetAndDestroy()
  await expect.poll(departures, patience).toBe(1)
})

test('one that sent much before the wait began is read on, and one that sends without bound is ended', async () => {
  let release = (_: Reply): void => {}
  answer = () => new Promise((resolve) => (release = resolve))
  const { client, socket, begin } = await opened(request('/0') + request('/1'))
  begin()
  client.write(request('/2', 'x'.repeat(100_000)))
  await expect.poll(() => socket.isPaused(), patience).toBe(true)
  let departures = 0
  answer = (asking) => {
    asking.client.onGone(() => (departures += 1))
    return new Promise(() => {})
  }
  release(reply('done'))
  await expect.poll(() => asked.length, patience).toBe(2)
  expect([departures, socket.isPaused()]).toEqual([0, false])
  client.write(Buffer.alloc(requestBytes + 1, 'x'))
  await expect.poll(() => departures, patience).toBe(1)
  expect(socket.destroyed).toBe(true)
})

const times = { keepAliveTimeout: 120_000, requestTimeout: 30_000 }

test('who is slow to take an answer has time for that, hears nothing within it, and begins afresh after it', async () => {
  answer = async () => reply('x'.repeat(20_000_000))
  const { client, connection, begin, read, text } = await opened(request('/0') + request('/1', 'a body').slice(0, -1))
  begin()
  await expect.poll(() => connection.state, patience).toBe('draining')
  const written = connection.since
  connection.endIfLate(written + times.keepAliveTimeout, times)
  await expect.poll(() => Date.now(), patience).toBeGreaterThan(written)
  read()
  await expect.poll(() => connection.isPartial, patience).toBe(true)
  expect(connection.since).toBeGreaterThan(written)
  await expect.poll(() => text().split('\r\n\r\n')[1]?.length, patience).toBe(20_000_000)
  const closed = once(client, 'close')
  connection.endIfLate(connection.since + times.requestTimeout, times)
  connection.endIfLate(connection.since + times.requestTimeout + 1, times)
  await closed
  expect(text()).toMatch(/xHTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n\r\n$/)
})

test('who never takes an answer is cut, without a word in the midst of it', async () => {
  answer = async () => reply('x'.repeat(20_000_000))
  const { client, connection, begin, read, text } = await opened(request('/0') + request('/1', 'a body').slice(0, -1))
  begin()
  await expect.poll(() => connection.state, patience).toBe('draining')
  connection.endIfLate(connection.since + times.keepAliveTimeout + 1, times)
  const closed = once(client, 'close')
  read()
  await closed
  expect(text()).not.toContain('408')
  expect(asked).toHaveLength(1)
})

test('a connection that was ended by its last answer, and not by its client, does not stay', async () => {
  const { socket, connection, begin } = await opened(request('/0'))
  begin(true)
  await expect.poll(() => connection.state, patience).toBe('over')
  expect(socket.destroyed).toBe(false)
  connection.endIfLate(connection.since + times.keepAliveTimeout + 1, times)
  await expect.poll(() => ended, patience).toContain(connection)
})
