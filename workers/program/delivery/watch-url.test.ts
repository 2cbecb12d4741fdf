import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { WorkerState } from '#contracts/protocols/worker.ts'
import { AdvisedError } from '#workers/runtime/consume/retry-advice.ts'
import { until } from '../../../test/until.ts'
import { watchUrl } from './watch-url.ts'

test('a program that closed a connection over an event and is gone later is away', async () => {
  let looks = 0
  // It takes a connection, and ends it in good order.
  const server = createServer((socket) => {
    socket.once('close', () => {
      looks += 1
    })
    socket.on('error', () => undefined)
    socket.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const states: WorkerState[] = []
  const { port } = server.address() as AddressInfo
  const watch = watchUrl(
    { log: pino({ level: 'silent' }), setState: (state) => void states.push(state) },
    new URL(`http://127.0.0.1:${port}/events`),
  )
  onTestFinished(() => watch.close())
  const fail = () => watch.failed(new AdvisedError('ConnectionClosed', 'read ECONNRESET'))
  await until('a look at the start', async () => looks > 0)
  await until('a look for the trouble', async () => fail().name === 'ConnectionClosed' && looks > 1)
  expect(states.some(({ away }) => away !== undefined)).toBe(false)
  server.close()
  await until('that it is away', async () => fail().name === 'ProgramUnreachable')
  expect(states.at(-1)?.away).toBeDefined()
})
