import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { skipped } from '../../test/skipped.ts'
import { openLabs, untilMs } from './fixtures/program-lab.ts'

vi.setConfig({ testTimeout: 2 * untilMs, hookTimeout: untilMs })

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const examples = join(root, 'examples')
const cache = join(root, 'node_modules', '.cache', 'faultline-examples')

let labs: Awaited<ReturnType<typeof openLabs>>
beforeAll(async () => {
  const simulator = await simulatorUnderTest()
  labs = await openLabs(simulator, 'local', { AWS_ENDPOINT_URL: simulator.endpoint })
})
afterEach(() => labs.closeAll())
afterAll(() => labs.close())

/** Makes each example ready to run and gives its command. Rejects if its language or packages are not to be had. */
const languages: Record<string, () => Promise<string[]>> = {
  async python() {
    const venv = join(cache, 'python')
    const python = join(venv, 'bin', 'python')
    if (!existsSync(python)) await run('python3', ['-m', 'venv', venv])
    const requirements = join(examples, 'python', 'requirements.txt')
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements])
    return [python, 'payment.py']
  },
  async go() {
    await mkdir(cache, { recursive: true })
    const built = join(cache, 'payment-go')
    await run('go', ['build', '-o', built, '.'], { cwd: join(examples, 'go') })
    return [built]
  },
  node: async () => [process.execPath, 'payment.mjs'],
  async java() {
    const classes = join(cache, 'java')
    await run('javac', ['-d', classes, 'Payment.java'], { cwd: join(examples, 'java') })
    return ['java', '-cp', classes, 'Payment']
  },
}

for (const [language, prepare] of Object.entries(languages)) {
  const prepared = await prepare().then(
    (command) => ({ command, reason: undefined }),
    (error: unknown) => ({ command: [], reason: error instanceof Error ? error.message : String(error) }),
  )
  const suite = `the example in ${language}`
  describe.skipIf(skipped(suite, prepared.reason))(suite, { timeout: 120_000 }, () => {
    test('runs unchanged: each order is answered with a payment that it caused', async () => {
      const directory = join(examples, language)
      const body = { kind: 'program' as const, command: prepared.command, directory, env: {}, readyWithinMs: 60_000 }
      const lab = await labs.open(body)
      const orders = ['A-1', 'A-2', 'A-3'].map((orderId) => ({ orderId, email: 'ada@example.com', total: 42.5 }))
      const ids = await lab.place(orders)
      const sent = await lab.untilSent(3)
      expect(new Set(await lab.untilSettled(3))).toEqual(new Set(ids))
      for (const [index, { orderId, email, total }] of orders.entries()) {
        const payment = sent.find(({ raw }) => JSON.parse(raw).orderId === orderId)
        expect(payment?.envelope).toMatchObject({ type: 'payment_captured', key: orderId, causationId: ids[index] })
        expect(JSON.parse(payment?.raw ?? '')).toEqual({ orderId, email, amount: total })
      }
      expect(lab.ends().map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok'])
    })
  })
}
