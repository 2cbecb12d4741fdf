import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { effectsOf } from '../../test/compose/effects.ts'
import { publish, ready, settled, workerPid } from '../../test/compose/lab.ts'
import { openStack, type Stack } from '../../test/compose/stack.ts'
import { burstNow, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'

/** Everything that plain `docker compose up` starts and keeps running. */
const running = ['consumer-db', 'consumer-email', 'kafka', 'mailbox', 'postgres', 'producer', 'redis', 'sns-sqs', 'web']
const ours = ['consumer-db', 'consumer-email', 'mailbox', 'migrate', 'producer', 'sns-sqs', 'web']
/** What runs to its end before the others begin. */
const once = ['migrate', 'secrets']
let stack: Stack

beforeAll(async () => {
  stack = await openStack('full')
  await stack.compose('up', '-d', '--wait')
})
afterAll(() => stack?.remove())

describe('docker compose up -d --wait', () => {
  test('is the whole lab, each part healthy, on Kafka, and nothing that is optional', async () => {
    const containers = await stack.containers()
    expect([...containers.keys()].sort()).toEqual([...running, ...once].sort())
    for (const service of once) {
      expect(containers.get(service)?.State, service).toMatchObject({ Status: 'exited', ExitCode: 0 })
    }
    for (const service of running) {
      expect(containers.get(service)?.State, service).toMatchObject({
        Status: 'running',
        Health: { Status: 'healthy' },
      })
    }
    const topology = (await (await fetch(`${stack.url}/api/lab/broker`)).json()) as { broker: string }
    expect(topology.broker).toBe('kafka')
  })

  test('is a lab that handles an event as soon as it returns', async () => {
    const { id, state } = await publish(stack, 'first@example.com')
    expect(state).toBe('acked')
    const both = async () => {
      const { missingRows, missingMails } = await effectsOf(stack, [id])
      return missingRows + missingMails === 0
    }
    await until('a row and a mail', both)
    const page = await fetch(stack.url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>')
  })
})

describe('the containers', () => {
  test('run as other users than root, without capabilities, with an init, and without the socket of Docker', async () => {
    for (const [service, container] of await stack.containers()) {
      expect(container.HostConfig, service).toMatchObject({ Privileged: false, CapDrop: ['ALL'] })
      expect(
        container.Mounts.filter(({ Source }) => Source.includes('docker.sock')),
        service,
      ).toEqual([])
      if (container.State.Status !== 'running') continue
      expect((await stack.docker('exec', stack.nameOf(service), 'id', '-u')).trim(), service).not.toBe('0')
      if (ours.includes(service)) expect(container.HostConfig.Init, service).toBe(true)
    }
  })

  test('have read-only roots, but for Kafka, whose entry point writes into its own folders', async () => {
    for (const [service, container] of await stack.containers()) {
      expect(container.HostConfig.ReadonlyRootfs, service).toBe(service !== 'kafka')
      if (!ours.includes(service) || service === 'migrate') continue
      // As the owner of the file, so that nothing but the read-only root can refuse it.
      const touched = stack.docker('exec', '--user', '0', stack.nameOf(service), 'touch', '/app/dist/web.js')
      await expect(touched, service).rejects.toThrow(/Read-only file system/)
    }
  })

  test('publish no port but that of web, and that on 127.0.0.1', async () => {
    for (const [service, { HostConfig }] of await stack.containers()) {
      const hosts = Object.values(HostConfig.PortBindings ?? {}).flatMap((bindings) => bindings ?? [])
      expect(
        hosts.map(({ HostIp }) => HostIp),
        service,
      ).toEqual(service === 'web' ? ['127.0.0.1'] : [])
    }
  })
})

describe('a container whose own process dies', () => {
  test('starts again by itself, and its worker with it', async () => {
    const name = stack.nameOf('consumer-db')
    const before = (await stack.containers()).get('consumer-db')?.RestartCount ?? 0
    await stack.docker('exec', name, 'bash', '-c', killSidecar)
    await until('a restart', async () => ((await stack.containers()).get('consumer-db')?.RestartCount ?? 0) > before)
    await ready(stack)
  })

  test('is not started again for a worker that dies: its sidecar, the child of the init, does that', async () => {
    const before = (await stack.containers()).get('consumer-email')?.RestartCount
    const pid = await workerPid(stack, 'consumer-email-1')
    await stack.docker('exec', stack.nameOf('consumer-email'), 'bash', '-c', `kill -9 ${pid}`)
    await until('another process', async () => (await workerPid(stack, 'consumer-email-1')) !== pid)
    expect((await stack.containers()).get('consumer-email')?.RestartCount).toBe(before)
    const log = await stack.docker('logs', '--tail', '20', stack.nameOf('consumer-email'))
    expect(log).toMatch(/consumer-email-1 ended without a command \(SIGKILL\)/)
  })
})

describe('while a burst runs', () => {
  // What a test before left in the middle of something.
  beforeEach(async () => void (await ready(stack)))

  test('nothing is lost by kills and pauses of workers, sidecars, mailbox, web, PostgreSQL and Kafka', async () => {
    const burst = await startBurst(stack.url, { type: 'order_placed', durationMs: 20_000, ratePerSecond: 100 })
    const attempted = (count: number) =>
      until(`${count} attempted`, async () => (await burstNow(stack.url, burst)).attempted >= count, 120_000)
    await attempted(200)
    const pid = await workerPid(stack, 'consumer-db-1')
    await stack.docker('exec', stack.nameOf('consumer-db'), 'bash', '-c', `kill -9 ${pid}`)
    await attempted(400)
    await stack.docker('kill', '--signal', 'KILL', stack.nameOf('consumer-email'))
    await stack.docker('start', stack.nameOf('consumer-email'))
    await stack.docker('kill', '--signal', 'KILL', stack.nameOf('mailbox'))
    await stack.docker('start', stack.nameOf('mailbox'))
    await attempted(700)
    await stack.pause('consumer-db')
    await stack.docker('kill', '--signal', 'KILL', stack.nameOf('web'))
    await stack.docker('start', stack.nameOf('web'))
    await stack.docker('unpause', stack.nameOf('consumer-db'))
    await stack.docker('restart', stack.nameOf('postgres'))
    await stack.pause('kafka')
    await until('3 s of silence', waited(3_000))
    await stack.docker('unpause', stack.nameOf('kafka'))
    await ready(stack)
    const { accepted, missingRows, missingMails, breaches } = await settled(stack, burst)
    expect(accepted).toBeGreaterThan(500)
    expect({ missingRows, missingMails, breaches }).toEqual({ missingRows: 0, missingMails: 0, breaches: [] })
  })

  test('nothing is lost by a SIGKILL of Kafka', async () => {
    const burst = await startBurst(stack.url, { type: 'order_placed', durationMs: 10_000, ratePerSecond: 100 })
    await until('a third', async () => (await burstNow(stack.url, burst)).attempted > 300, 120_000)
    await stack.docker('kill', '--signal', 'KILL', stack.nameOf('kafka'))
    await stack.docker('start', stack.nameOf('kafka'))
    const { accepted, missingRows, missingMails, breaches } = await settled(stack, burst)
    expect(accepted).toBeGreaterThan(200)
    expect({ missingRows, missingMails, breaches }).toEqual({ missingRows: 0, missingMails: 0, breaches: [] })
    await ready(stack)
  })
})

describe('down and up again', () => {
  test('keeps mails, rows and what is known of messages: they are on named volumes', async () => {
    const { id } = await publish(stack, 'kept@example.com')
    await until('its effects', async () => (await effectsOf(stack, [id])).missingMails === 0)
    await stack.compose('down')
    expect((await stack.containers()).size).toBe(0)
    await stack.compose('up', '-d', '--wait')
    expect(await effectsOf(stack, [id])).toMatchObject({ missingRows: 0, missingMails: 0 })
    const journey = await fetch(`${stack.url}/api/messages/${encodeURIComponent(id)}`)
    expect(journey.status).toBe(200)
    const next = await publish(stack, 'next@example.com')
    expect(next.id).not.toBe(id)
    await until('its effects too', async () => (await effectsOf(stack, [next.id])).missingMails === 0)
  })
})

/** The init's only child is the sidecar. What ends meanwhile is no concern. */
const killSidecar =
  'for status in /proc/[0-9]*/status; do if grep -qs "^PPid:[[:space:]]*1$" $status; then ' +
  'kill -9 $(basename $(dirname $status)); fi; done'

/** The time is itself what is tested here. */
function waited(ms: number): () => Promise<boolean> {
  const since = Date.now()
  return async () => Date.now() - since >= ms
}
