import { afterAll, beforeAll, expect, test } from 'vitest'
import { ready } from '../../test/compose/lab.ts'
import { openStack, type Stack } from '../../test/compose/stack.ts'
import { until } from '../../test/until.ts'
import { readmeCommand } from './readme-commands.ts'

/** The commands of the README, one after the other, each on what those before it left. */
let stack: Stack
beforeAll(async () => {
  stack = await openStack('brief')
})
afterAll(() => stack?.remove())

const states = async () =>
  Object.fromEntries([...(await stack.containers())].map(([name, { State }]) => [name, State.Status]))

test('docker-compose up -d kafka zookeeper', async () => {
  await stack.shell(readmeCommand('docker-compose up -d kafka', stack))
  const ended = async () => (await stack.containers()).get('zookeeper')?.State.Status === 'exited'
  await until('the end of zookeeper', ended)
  expect(await states()).toEqual({ kafka: 'running', zookeeper: 'exited' })
  expect((await stack.containers()).get('zookeeper')?.State.ExitCode).toBe(0)
  const said = (await stack.docker('logs', stack.nameOf('zookeeper'))).trim().split('\n')
  expect(said).toEqual([expect.stringMatching(/^Kafka 4 needs no ZooKeeper/)])
})

test('docker-compose up -d redis', async () => {
  await stack.shell(readmeCommand('docker-compose up -d redis', stack))
  expect(await states()).toMatchObject({ redis: 'running' })
})

test('docker-compose up -d producer consumer-email consumer-db brings what they depend on, web included', async () => {
  await stack.shell(readmeCommand('docker-compose up -d producer', stack))
  for (const service of ['producer', 'consumer-email', 'consumer-db', 'web', 'mailbox', 'postgres', 'sns-sqs']) {
    expect(await states()).toMatchObject({ [service]: 'running' })
  }
  await ready(stack)
})

test('the curl is acknowledged, and docker logs consumer-email shows the event handled', async () => {
  const answer = await stack.shell(`${readmeCommand('curl', stack)} --silent --show-error`)
  const { id, type, state } = JSON.parse(answer) as { id: string; type: string; state: string }
  expect({ type, state }).toEqual({ type: 'user_signup', state: 'acked' })
  const handled = `${type} ${id} → sent "Welcome" to test@example.com`
  const logs = readmeCommand('docker logs consumer-email', stack)
  await until(handled, async () => (await stack.shell(logs)).includes(handled))
  const line = (await stack.shell(logs)).split('\n').find((one) => one.includes(handled))
  expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} consumer-email-1 info {2}user_signup /)
})

test('docker-compose up -d prometheus grafana', async () => {
  const line = readmeCommand('docker-compose up -d prometheus grafana', stack)
  const hasGrafana = await stack.docker('image', 'inspect', 'grafana/grafana:latest').catch(() => undefined)
  // There is no stand-in of Grafana. What is started without it is the rest of the same line.
  await stack.shell(hasGrafana === undefined ? line.replace(' grafana', '') : line)
  expect(await states()).toMatchObject({ prometheus: 'running', ...(hasGrafana ? { grafana: 'running' } : {}) })
  const port = JSON.parse(await stack.compose('config', '--format', 'json', 'prometheus')).services.prometheus.ports[0]
  const query = `http://localhost:${port.published}/api/v1/query?query=${encodeURIComponent('count(up == 1)')}`
  await until('every process scraped', async () => {
    const { data } = (await (await fetch(query)).json()) as { data: { result: { value: [number, string] }[] } }
    // Web and the three sidecars.
    return Number(data.result[0]?.value[1]) >= 4
  })
})
