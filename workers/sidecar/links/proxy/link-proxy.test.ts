import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../fixtures/sidecar-process.ts'
import { type LinkProxy, startLinkProxy } from './link-proxy.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function upstream(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function proxyTo(port: number): Promise<LinkProxy> {
  const proxy = await startLinkProxy({ id: 'a->b', host: '127.0.0.1', port })
  open.push(() => proxy.close())
  return proxy
}

function client(proxy: LinkProxy) {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  open.push(async () => socket.destroy())
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    socket.on('end', () => resolve('end'))
  })
  return { socket, ended }
}

test('50 MB pass unchanged in both directions, no faster than the reader takes them', async () => {
  const sent = randomBytes(50 * 1024 * 1024)
  const port = await upstream((socket) => {
    // A reader that stops now and then: what it does not take must wait at the sender.
    socket.on('data', (chunk) => {
      if (!socket.write(chunk)) socket.pause()
    })
    socket.on('drain', () => socket.resume())
    socket.on('end', () => socket.end())
  })
  const proxy = await proxyTo(port)
  const { socket, ended } = client(proxy)
  const hash = createHash('sha256')
  let received = 0
  socket.on('data', (chunk) => {
    hash.update(chunk)
    received += chunk.length
    socket.pause()
    setImmediate(() => socket.resume())
  })
  socket.end(sent)
  expect(await ended).toBe('end')
  expect(received).toBe(sent.length)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'))
  expect(proxy.status()).toMatchObject({ bytesUp: sent.length, bytesDown: sent.length })
  await until('the end of the connection', () => proxy.status().connections === 0)
})

test('an upstream that does not read holds the sender', async () => {
  let slow: Socket | undefined
  const port = await upstream((socket) => {
    slow = socket.pause()
  })
  const proxy = await proxyTo(port)
  const { socket } = client(proxy)
  const total = 32 * 1024 * 1024
  socket.write(Buffer.alloc(total))
  await until('the connection', () => slow)
  let before = -1
  await until('the stand-still', () => {
    const now = proxy.status().bytesUp
    const still = now > 0 && now === before
    before = now
    return still
  })
  expect(socket.writableLength).toBeGreaterThan(0)
  expect(proxy.status().bytesUp).toBeLessThan(total)
  slow?.resume()
  await until('the rest', () => proxy.status().bytesUp === total)
})

test('an upstream that refuses resets the client', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  const proxy = await proxyTo(typeof address === 'object' && address ? address.port : 0)
  const { socket, ended } = client(proxy)
  socket.write('hello')
  expect(await ended).toBe('ECONNRESET')
})

test('a reset on either side is a reset on the other', async () => {
  const resetting = await proxyTo(await upstream((socket) => socket.once('data', () => socket.resetAndDestroy())))
  const first = client(resetting)
  first.socket.write('hello')
  expect(await first.ended).toBe('ECONNRESET')

  let seen: string | undefined
  let reached = false
  const port = await upstream((socket) => {
    socket.once('data', () => {
      reached = true
    })
    socket.on('error', (error) => {
      seen = 'code' in error ? String(error.code) : error.message
    })
  })
  const second = client(await proxyTo(port))
  second.socket.write('hello')
  await until('the bytes', () => reached)
  second.socket.resetAndDestroy()
  await until('the reset', () => seen === 'ECONNRESET')
})

test('an upstream that closes before it has said anything resets the client, which might wait for ever otherwise', async () => {
  const { socket, ended } = client(await proxyTo(await upstream((upstreamSocket) => upstreamSocket.end())))
  socket.write('hello')
  expect(await ended).toBe('ECONNRESET')
})

test('a FIN passes as a FIN and the other direction stays open', async () => {
  const port = await upstream((socket) => {
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('end', () => socket.end(`you said ${heard}`))
  })
  const { socket, ended } = client(await proxyTo(port))
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.end('hello')
  expect(await ended).toBe('end')
  expect(answer).toBe('you said hello')
})

test('closing the proxy resets what is open', async () => {
  const proxy = await proxyTo(await upstream((socket) => socket.write('hi')))
  const { socket, ended } = client(proxy)
  await new Promise((resolve) => socket.once('data', resolve))
  await proxy.close()
  expect(await ended).toBe('ECONNRESET')
})
