import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../../supervisor/process/ports.ts'
import { pythonWithMoto } from './python.contract.ts'
import { testSimulator } from './simulator.contract.ts'

const run = promisify(execFile)
const { python, programs, missing } = await pythonWithMoto('the simulator beside moto')

describe.skipIf(missing)('beside moto', () => {
  let url: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    const port = await freePort()
    const server = spawn(python, [join(programs, 'moto_server'), '-p', String(port)], { stdio: 'ignore' })
    const ended = once(server, 'exit')
    stop = async () => {
      server.kill()
      await ended
    }
    url = `http://127.0.0.1:${port}`
    await vi.waitUntil(
      () =>
        fetch(`${url}/moto-api/`)
          .then(({ ok }) => ok)
          .catch(() => false),
      { timeout: 60_000 },
    )
  })
  afterAll(() => stop?.())

  test('S56 691 calls are answered as by moto, but for what moto does not do as AWS documents it', {
    timeout: 180_000,
  }, async () => {
    const simulator = await testSimulator()
    try {
      const script = join(import.meta.dirname, 'differential', 'run.py')
      const { stdout } = await run(python, ['-B', script, simulator.url, url])
      const { alike, known, new: found, gone } = JSON.parse(stdout)
      expect(found).toEqual([])
      expect(gone).toEqual([])
      expect([alike, known]).toEqual([349, 342])
    } finally {
      await simulator.close()
    }
  })
})
