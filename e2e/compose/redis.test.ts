import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready, settled } from '../../test/compose/lab.ts'
import { openStack, type Stack } from '../../test/compose/stack.ts'
import { burstNow, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'

let stack: Stack
beforeAll(async () => {
  stack = await openStack('redis', { BROKER: 'redis' })
  await stack.shell('docker-compose up -d producer consumer-email consumer-db')
  await ready(stack)
})
afterAll(() => stack?.remove())

test('BROKER=redis brings up no Kafka', async () => {
  expect([...(await stack.containers()).keys()].sort()).toEqual(
    [
      'consumer-db',
      'consumer-email',
      'mailbox',
      'migrate',
      'postgres',
      'producer',
      'redis',
      'secrets',
      'sns-sqs',
      'web',
    ].sort(),
  )
})

test('nothing is lost by a SIGKILL of Redis and of the simulator during a burst', async () => {
  const burst = await startBurst(stack.url, { type: 'order_placed', durationMs: 12_000, ratePerSecond: 80 })
  const attempted = (count: number) =>
    until(`${count} attempted`, async () => (await burstNow(stack.url, burst)).attempted >= count, 120_000)
  await attempted(200)
  await stack.docker('kill', '--signal', 'KILL', stack.nameOf('redis'))
  await stack.docker('start', stack.nameOf('redis'))
  await attempted(500)
  await stack.docker('kill', '--signal', 'KILL', stack.nameOf('sns-sqs'))
  await stack.docker('start', stack.nameOf('sns-sqs'))
  const { accepted, missingRows, missingMails, breaches } = await settled(stack, burst)
  expect(accepted).toBeGreaterThan(200)
  expect({ missingRows, missingMails, breaches }).toEqual({ missingRows: 0, missingMails: 0, breaches: [] })
})

test('workers whose broker is away say so, and go on when it is back', async () => {
  await stack.docker('stop', stack.nameOf('redis'))
  await stack.docker('restart', stack.nameOf('consumer-db'))
  const logs = async () => await stack.docker('logs', '--since', '60s', stack.nameOf('consumer-db'))
  await until('a line about the broker', async () => /broker|queue/i.test(await logs()))
  await stack.docker('start', stack.nameOf('redis'))
  await ready(stack)
})
