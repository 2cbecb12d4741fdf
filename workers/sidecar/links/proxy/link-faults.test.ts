import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../fixtures/sidecar-process.ts'
import { bandwidth } from './faults/bandwidth.ts'
import { blackHole } from './faults/black-hole.ts'
import { latency } from './faults/latency.ts'
import { resetPeer } from './faults/reset-peer.ts'
import { swallowAnswers } from './faults/swallow-answers.ts'
import { type LinkProxy, startLinkProxy } from './link-proxy.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const all = { seed: 1, percent: 100, direction: 'both' } as const

/** An echo server behind a proxy; what the server has heard is in `heard`. */
async function echo(): Promise<{ proxy: LinkProxy; heard: () => string }> {
  let text = ''
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      text += chunk
      socket.write(chunk)
    })
    socket.on('end', () => socket.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const proxy = await startLinkProxy({
    ...{ id: 'a->b', host: '127.0.0.1' },
    port: typeof address === 'object' && address ? address.port : 0,
  })
  open.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  open.push(() => proxy.close())
  return { proxy, heard: () => text }
}

function client({ port }: LinkProxy) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setNoDelay(true)
  open.push(async () => socket.destroy())
  let text = ''
  let ended: string | undefined
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', (error) => {
    ended ??= 'code' in error ? String(error.code) : error.message
  })
  socket.on('close', () => {
    ended ??= 'closed'
  })
  const heard = (wanted: string): Promise<boolean> => until(`"${wanted}"`, () => text === wanted)
  return { socket, heard, text: () => text, ended: () => ended }
}
const elapsed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

test('latency delays each direction that it has, on connections that are open, and is gone when it ends', async () => {
  const { proxy } = await echo()
  const { socket, heard } = client(proxy)
  socket.write('a')
  await heard('a')
  let hits = 0
  const fault = latency({ ...all, latencyMs: 120, jitterMs: 0 }, () => {
    hits += 1
  })
  proxy.addFault(fault)
  const say = (text: string, answer: string): Promise<boolean> => {
    socket.write(text)
    return heard(answer)
  }
  // A timer may end a millisecond early, and each direction has one.
  expect(await elapsed(() => say('b', 'ab'))).toBeGreaterThanOrEqual(238)
  expect(hits).toBe(2)
  proxy.removeFault(fault)
  socket.write('c')
  await heard('abc')
  expect(hits).toBe(2)
})

test('latency delays, it does not throttle: what is sent within its time arrives within its time', async () => {
  const { proxy } = await echo()
  const { socket, heard } = client(proxy)
  socket.write('0')
  await heard('0')
  const fault = latency({ ...all, direction: 'up', latencyMs: 300, jitterMs: 0 }, () => undefined)
  proxy.addFault(fault)
  const took = await elapsed(async () => {
    for (const letter of 'abcdefgh') {
      socket.write(letter)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await heard('0abcdefgh')
  })
  // Serially it would be eight times the latency.
  expect(took).toBeLessThan(1_500)
})

test('jitter keeps the order', async () => {
  const { proxy } = await echo()
  const { socket, heard } = client(proxy)
  proxy.addFault(latency({ ...all, direction: 'down', latencyMs: 0, jitterMs: 60 }, () => undefined))
  const sent = Array.from({ length: 20 }, (_, index) => `${index} `)
  for (const piece of sent) {
    socket.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  await heard(sent.join(''))
})

test('bandwidth is shared by the connections of the link', async () => {
  const { proxy } = await echo()
  const first = client(proxy)
  const second = client(proxy)
  proxy.addFault(bandwidth({ ...all, direction: 'up', rateKBps: 50 }, () => undefined))
  const took = await elapsed(async () => {
    const text = 'x'.repeat(10_000)
    first.socket.write(text)
    second.socket.write(text)
    await Promise.all([first.heard(text), second.heard(text)])
  })
  // 20 KB at 50 KB/s; the last piece leaves when its time has come.
  expect(took).toBeGreaterThanOrEqual(380)
})

test('a slow rate flows evenly, and ends at once when it is healed', async () => {
  const { proxy } = await echo()
  const { socket, heard, text } = client(proxy)
  const fault = bandwidth({ ...all, direction: 'up', rateKBps: 1 }, () => undefined)
  proxy.addFault(fault)
  socket.write('x'.repeat(20_000))
  await until('a part of it', () => text().length > 0 && text().length < 20_000)
  proxy.removeFault(fault)
  expect(await elapsed(() => heard('x'.repeat(20_000)))).toBeLessThan(10_000)
})

test('a black hole holds bytes and gives them out when it is healed', async () => {
  const { proxy, heard } = await echo()
  const { socket, text, heard: echoed } = client(proxy)
  let hits = 0
  const fault = blackHole({ ...all, timeoutMs: 0 }, () => {
    hits += 1
  })
  proxy.addFault(fault)
  socket.write('held ')
  await until('the hit', () => hits === 1)
  socket.write('too')
  await until('both in the proxy', () => proxy.status().bytesUp === 'held too'.length)
  expect([heard(), text()]).toEqual(['', ''])
  proxy.removeFault(fault)
  await echoed('held too')
})

test('a black hole in one direction lets the other through', async () => {
  const { proxy, heard } = await echo()
  const { socket, text, heard: echoed } = client(proxy)
  const fault = blackHole({ ...all, direction: 'down', timeoutMs: 0 }, () => undefined)
  proxy.addFault(fault)
  socket.write('request')
  await until('the request', () => heard() === 'request')
  expect(text()).toBe('')
  proxy.removeFault(fault)
  await echoed('request')
})

test('a black hole holds the sender too, with a bound', async () => {
  const { proxy } = await echo()
  const { socket } = client(proxy)
  proxy.addFault(blackHole({ ...all, timeoutMs: 0 }, () => undefined))
  const total = 64 * 1024 * 1024
  socket.write(Buffer.alloc(total))
  await until('bytes', () => proxy.status().bytesUp > 0)
  let before = -1
  await until('the stand-still', () => {
    const now = proxy.status().bytesUp
    const still = now === before
    before = now
    return still
  })
  expect(proxy.status().bytesUp).toBeLessThan(3 * 1024 * 1024)
  expect(socket.writableLength).toBeGreaterThan(0)
})

test('a black hole with a timeout resets what it held for so long, and leaves silent connections alone', async () => {
  const { proxy } = await echo()
  const talking = client(proxy)
  const silent = client(proxy)
  proxy.addFault(blackHole({ ...all, timeoutMs: 80 }, () => undefined))
  talking.socket.write('hello')
  await until('the reset', () => talking.ended() === 'ECONNRESET')
  expect(silent.ended()).toBeUndefined()
})

test('reset_peer resets open connections and new ones, after their time', async () => {
  const { proxy } = await echo()
  const before = client(proxy)
  before.socket.write('x')
  await before.heard('x')
  let hits = 0
  const fault = resetPeer({ ...all, timeoutMs: 60 }, () => {
    hits += 1
  })
  const took = await elapsed(async () => {
    proxy.addFault(fault)
    await until('the first reset', () => before.ended() === 'ECONNRESET')
  })
  expect(took).toBeGreaterThanOrEqual(55)
  const after = client(proxy)
  await until('the second reset', () => after.ended() === 'ECONNRESET')
  expect(hits).toBe(2)
  proxy.removeFault(fault)
  const healed = client(proxy)
  healed.socket.write('y')
  await healed.heard('y')
})

test('a lost acknowledgement: the request arrives, its answer never, and the connection ends when it is healed', async () => {
  const { proxy, heard } = await echo()
  const { socket, text, ended } = client(proxy)
  let hits = 0
  const fault = swallowAnswers({ seed: 1, percent: 100 }, () => {
    hits += 1
  })
  proxy.addFault(fault)
  socket.write('publish')
  await until('the request', () => heard() === 'publish')
  await until('the loss of its answer', () => hits === 1)
  expect([text(), ended()]).toEqual(['', undefined])
  proxy.removeFault(fault)
  await until('the end', () => ended() === 'ECONNRESET')
})

test('a link that is cut refuses, and comes back on the same port', async () => {
  const { proxy } = await echo()
  const before = client(proxy)
  before.socket.write('x')
  await before.heard('x')
  const { port } = proxy
  await proxy.cut('f-1')
  await proxy.cut('f-2')
  await until('the reset', () => before.ended() === 'ECONNRESET')
  const refused = client(proxy)
  await until('the refusal', () => refused.ended() === 'ECONNREFUSED')
  await proxy.mend('f-1')
  const still = client(proxy)
  await until('the refusal while another holds it', () => still.ended() === 'ECONNREFUSED')
  await proxy.mend('f-2')
  const after = client(proxy)
  after.socket.write('y')
  await after.heard('y')
  expect(proxy.port).toBe(port)
})

test('a share of the connections is hit, and the same ones for the same seed', async () => {
  const victimsOf = async (seed: number): Promise<number[]> => {
    const { proxy } = await echo()
    proxy.addFault(blackHole({ seed, percent: 50, direction: 'both', timeoutMs: 1 }, () => undefined))
    const ends: number[] = []
    for (let number = 0; number < 30; number += 1) {
      const { socket, text, ended } = client(proxy)
      socket.write('x')
      await until('an end or an echo', () => text() === 'x' || ended() !== undefined)
      if (ended() !== undefined) ends.push(number)
    }
    return ends
  }
  const victims = await victimsOf(5)
  expect(await victimsOf(5)).toEqual(victims)
  expect(victims.length).toBeGreaterThan(5)
  expect(victims.length).toBeLessThan(25)
})
