import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { startSimulator } from './server.ts'

afterEach(() => vi.restoreAllMocks())

test('a simulator that cannot start leaves no timer behind', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const begun = vi.spyOn(globalThis, 'setInterval')
  const ended = vi.spyOn(globalThis, 'clearInterval')
  await expect(startSimulator({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const timers = begun.mock.results.map(({ value }) => value)
  expect(timers.length).toBeGreaterThan(0)
  const cleared = new Set<unknown>(ended.mock.calls.map(([timer]) => timer))
  expect(timers.filter((timer) => !cleared.has(timer))).toEqual([])
  other.close()
  await once(other, 'close')
})
