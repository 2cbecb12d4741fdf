import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowList } from '#contracts/api/flow.ts'
import { ready, settled, workerPid } from '../../test/compose/lab.ts'
import { openStack, type Stack } from '../../test/compose/stack.ts'
import { burstNow, startBurst } from '../../test/lab-client.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { until } from '../../test/until.ts'

/** The Python example in containers: its compose file is generated, its program is on the sidecar's image. */
const sidecar = 'faultline-sidecar:e2e'
let stack: Stack

beforeAll(async () => {
  const file = join(await temporaryFolder('compose'), 'docker-compose.yml')
  stack = await openStack('own', { COMPOSE_FILE: file, FAULTLINE_SIDECAR_IMAGE: sidecar })
  // All but its last lines are those of the image of the lab, which is built already.
  await stack.shell(`docker build --quiet --target sidecar --tag ${sidecar} .`)
  const lab = 'examples/python/faultline.yaml'
  await stack.shell(`npm run --silent faultline -- compose --lab ${lab} --broker redis --out ${file}`)
  expect(readFileSync(file, 'utf8')).toContain('context: ')
  await stack.compose('config', '--quiet')
  await stack.compose('up', '-d', '--build', '--wait')
  await ready(stack)
})
afterAll(() => stack?.remove())

/** Orders that were placed and paid, as the lab reports it, and payments that have a row, as PostgreSQL does. */
async function payments() {
  const { figures } = flowList.parse(await (await fetch(`${stack.url}/api/flows`)).json())
  const sql = "SELECT count(*) FROM inbox WHERE message_id LIKE 'payment-%'"
  const rows = await stack.docker('exec', stack.nameOf('postgres'), 'psql', '-U', 'faultline', '-qAt', '-c', sql)
  const { started = 0, ended = 0 } = figures.find(({ flow }) => flow === 'payment') ?? {}
  return { started, ended, rows: Number(rows) }
}

test('an event reaches the Python program in its container, and what it answers is published', async () => {
  const answer = await fetch(`${stack.url}/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'order_placed', data: { orderId: 'A-1', email: 'ada@example.com', total: 42.5 } }),
  })
  expect(answer.status).toBe(202)
  await until('a row of its payment', async () => (await payments()).rows === 1)
  const log = await stack.docker('logs', stack.nameOf('payment'))
  expect(log).toContain('captures the payment of')
})

test('nothing is lost when the program and its container are killed: both come back and every order is paid', async () => {
  const burst = await startBurst(stack.url, { type: 'order_placed', durationMs: 8_000, ratePerSecond: 30 })
  const attempted = (count: number) =>
    until(`${count} attempted`, async () => (await burstNow(stack.url, burst)).attempted >= count, 120_000)
  await attempted(60)
  const pid = await workerPid(stack, 'payment-1')
  // In brackets, so that the shell that looks for it is not found itself.
  const program = "for p in /proc/[0-9]*; do grep -qs '[p]ayment.py' $p/cmdline && kill -9 $(basename $p); done; true"
  await stack.docker('exec', stack.nameOf('payment'), 'bash', '-c', program)
  await until('another process', async () => (await workerPid(stack, 'payment-1')) !== pid)
  await stack.docker('kill', '--signal', 'KILL', stack.nameOf('payment'))
  await stack.docker('start', stack.nameOf('payment'))
  const { accepted, breaches } = await settled(stack, burst)
  expect([accepted > 100, breaches]).toEqual([true, []])
  await until('a row of every payment', async () => (await payments()).rows > accepted, 120_000)
  // Each of the burst, and the one before it.
  expect(await payments()).toEqual({ started: accepted + 1, ended: accepted + 1, rows: accepted + 1 })
})
