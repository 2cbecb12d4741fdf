import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { ActionServices } from '../actions/action.ts'
import { PlainConnections } from './plain-connections.ts'
import { alsoByTls } from './tls.ts'

const log = pino({ level: 'silent' })
const times = { keepAliveTimeout: 120_000, requestTimeout: 30_000 }

test('a client that breaks off while its certificate is made harms nobody', async () => {
  const server = createServer()
  const direct = new PlainConnections({ log } as ActionServices, { account: '', secretAccessKey: undefined }, times)
  let isTls = (): void => {}
  const recognised = new Promise<void>((resolve) => (isTls = resolve))
  const certificate = new Promise<never>(() => {})
  const tls = () => {
    isTls()
    return certificate
  }
  alsoByTls(server, direct, { tls }, log)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write(Buffer.from([0x16, 0x03, 0x01]))
  const [socket] = await accepted
  await recognised
  const errors: NodeJS.ErrnoException[] = []
  // With none but the test's the error would be thrown, which ends a process.
  expect(socket.listenerCount('error')).toBe(1)
  socket.on('error', (error) => errors.push(error))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  client.resetAndDestroy()
  await closed
  expect(errors.map(({ code }) => code)).toEqual(['ECONNRESET'])
  direct.finish()
  server.close()
  await once(server, 'close')
})
