import { connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { carry, type Stage } from './direction.ts'

const open: Socket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
})

/** Two ends of one real connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const far = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const near = connect({ port: typeof address === 'object' && address ? address.port : 0, allowHalfOpen: true })
  const ends: [Socket, Socket] = [near, await far]
  server.close()
  open.push(...ends)
  return ends
}

/** Sends through the stages and gives what arrives. */
async function through(
  stages: () => readonly Stage[],
  send: (source: Socket, arrived: (text: string) => Promise<void>) => void,
): Promise<string> {
  const [writer, source] = await pair()
  const [sink, reader] = await pair()
  carry(source, sink, {
    stages,
    onBytes: () => undefined,
    onEnd: () => sink.end(),
    onError: () => sink.resetAndDestroy(),
  })
  let text = ''
  reader.on('data', (chunk) => {
    text += chunk
  })
  send(writer, (wanted) => vi.waitFor(() => expect(text).toBe(wanted), { timeout: 20_000, interval: 5 }))
  await new Promise((resolve) => reader.once('close', resolve).once('end', resolve).once('error', resolve))
  return text
}

test('stages change bytes one after the other, in order, also where they take their time', async () => {
  let turn = 0
  const later: Stage = (chunk) => {
    turn += 1
    // Later chunks are ready sooner: order must hold all the same.
    return new Promise((resolve) => setTimeout(resolve, 10 - turn, chunk))
  }
  const upper: Stage = (chunk) => Buffer.from(chunk.toString().toUpperCase())
  const seen = await through(
    () => [later, upper],
    (socket) => {
      socket.setNoDelay(true)
      let n = 0
      const next = (): void => {
        n += 1
        if (n > 5) socket.end()
        else socket.write(`part ${n} `, next)
      }
      next()
    },
  )
  expect(seen).toBe('PART 1 PART 2 PART 3 PART 4 PART 5 ')
})

test('a stage that keeps a chunk drops it, one that fails ends the connection', async () => {
  expect(
    await through(
      () => [() => undefined],
      (socket) => socket.end('gone'),
    ),
  ).toBe('')
  const failing: Stage = () => {
    throw new Error('no')
  }
  expect(
    await through(
      () => [failing],
      (socket) => socket.end('gone'),
    ),
  ).toBe('')
})

test('a stage that is added holds for the connections that are open', async () => {
  const stages: Stage[] = []
  const seen = await through(
    () => stages,
    async (socket, arrived) => {
      socket.write('before ')
      await arrived('before ')
      stages.push((chunk) => Buffer.from(chunk.toString().toUpperCase()))
      socket.end('after')
    },
  )
  expect(seen).toBe('before AFTER')
})
