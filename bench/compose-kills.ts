/**
 * `npm run bench:compose [-- --rate 100 --seconds 6]`: SIGKILL of each container's process, of each worker inside and of the broker,
 * each during a burst through a lab in containers of its own. Prints one line for each: accepted, effects, missing, duplicates. Needs
 * Docker and the images, which `npm run test:compose` provides.
 */
import { parseArgs } from 'node:util'
import { ready, settled, workerPid } from '../test/compose/lab.ts'
import { openStack, type Stack } from '../test/compose/stack.ts'
import { burstNow, startBurst } from '../test/lab-client.ts'
import { until } from '../test/until.ts'

const { values } = parseArgs({ options: { rate: { type: 'string' }, seconds: { type: 'string' } } })
const ratePerSecond = Number(values.rate ?? 100)
const durationMs = Number(values.seconds ?? 6) * 1_000

const containers = ['kafka', 'postgres', 'mailbox', 'web', 'producer', 'consumer-email', 'consumer-db']
const workers = { 'producer-1': 'producer', 'consumer-email-1': 'consumer-email', 'consumer-db-1': 'consumer-db' }

/** `docker kill` counts as a person's wish, which no restart policy overrules: so it is started again by hand. */
async function killContainer(stack: Stack, service: string): Promise<void> {
  await stack.docker('kill', '--signal', 'KILL', stack.nameOf(service))
  await stack.docker('start', stack.nameOf(service))
}

async function killWorker(stack: Stack, instance: string, service: string): Promise<void> {
  const pid = await workerPid(stack, instance)
  await stack.docker('exec', stack.nameOf(service), 'bash', '-c', `kill -9 ${pid}`)
}

/** One burst with a kill after a third of it; prints what became of its messages. */
async function measure(stack: Stack, killed: string, kill: () => Promise<void>): Promise<void> {
  const burst = await startBurst(stack.url, { type: 'order_placed', durationMs, ratePerSecond })
  const third = (ratePerSecond * durationMs) / 3_000
  await until('a third of the burst', async () => (await burstNow(stack.url, burst)).attempted > third, 120_000)
  await kill()
  await ready(stack, 300_000)
  const figures = await settled(stack, burst, 300_000)
  const { accepted, missingRows, missingMails, duplicateMails, indeterminate, deadLettered } = figures
  const effects = 2 * accepted - missingRows - missingMails
  const missing = missingRows + missingMails
  console.log(JSON.stringify({ killed, accepted, indeterminate, effects, deadLettered, missing, duplicateMails }))
}

const stack = await openStack('kills')
try {
  await stack.compose('up', '-d', '--wait')
  await ready(stack)
  for (const service of containers) await measure(stack, service, () => killContainer(stack, service))
  for (const [instance, service] of Object.entries(workers)) {
    await measure(stack, `${instance} inside`, () => killWorker(stack, instance, service))
  }
} finally {
  await stack.remove()
}
