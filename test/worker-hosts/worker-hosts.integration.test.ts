import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DeclaredWorker, sidecarEnvironmentOf, workerEntryOf, workersOf } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { assignPorts } from '../../supervisor/process/ports.ts'
import { type FaultClient, faultClient } from '../fault-client.ts'
import { startTestPostgres, type TestPostgres } from '../postgres.ts'
import { until } from '../until.ts'
import { type HostProcess, startHostProcess } from './host.ts'
import { startTlsFront, type TlsFront } from './tls-front.ts'

const agentToken = 'an-agents-token-of-this-test'
const startsWithin = 240_000

/** Web with an outside PostgreSQL on one host, the workers on two others, and TLS between them. */
describe('worker hosts without web', { timeout: 400_000 }, () => {
  const running = new Map<string, HostProcess>()
  let folder: string
  let postgres: TestPostgres
  let front: TlsFront
  let client: FaultClient
  let url: string
  let common: Record<string, string>
  let workers: DeclaredWorker[]

  function start(file: string, name: string, env: Record<string, string>): HostProcess {
    const dataDir = join(folder, name)
    mkdirSync(dataDir, { recursive: true })
    const child = startHostProcess(file, { ...common, FAULTLINE_DATA_DIR: dataDir, ...env })
    running.set(name, child)
    return child
  }
  function startWorker(name: string, env: Record<string, string> = {}): HostProcess {
    const worker = workers.find((one) => one.name === name)
    if (worker === undefined) throw new Error(`the lab declares no ${name}`)
    const own = Object.entries(sidecarEnvironmentOf(worker)).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    )
    return start('sidecar', name, {
      ...Object.fromEntries(own),
      ...{ FAULTLINE_WORKER_ENTRY: `dist/${workerEntryOf(worker)}.js`, FAULTLINE_WEB_URL: front.url },
      ...{ NODE_EXTRA_CA_CERTS: front.ca, ...env },
    })
  }
  const isUp = (name: string): Promise<boolean> =>
    client.services().then((services) => {
      const service = services.find((one) => one.name === name)
      const replicas = service?.replicas ?? []
      return service?.connected === true && replicas.length > 0 && replicas.every(({ state }) => state === 'up')
    })
  const up = (name: string) =>
    until(`${name} up; it said: ${running.get(name)?.output().slice(-2_000)}`, () => isUp(name), startsWithin)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-hosts-'))
    workers = workersOf(await loadLab(defaultLabFile(process.cwd())))
    postgres = await startTestPostgres()
    const ports = await assignPorts(['web', 'sns-sqs', 'mailbox'], {})
    const { web = 0, mailbox = 0, 'sns-sqs': simulator = 0 } = ports
    common = {
      ...{ BROKER: 'local', AWS_ENDPOINT_URL: `http://127.0.0.1:${simulator}`, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test-secret-key' },
      ...{ DATABASE_URL: postgres.url, SMTP_URL: `smtp://127.0.0.1:${mailbox}`, FAULTLINE_AGENT_TOKEN: agentToken },
      FAULTLINE_GRACE_MS: '2000',
    }
    url = `http://127.0.0.1:${web}`
    client = faultClient(url)
    front = await startTlsFront(web, folder)
    start('sns-sqs', 'simulator', { SNS_SQS_PORT: String(simulator), SNS_SQS_DATA_DIR: join(folder, 'simulator') })
    start('mailbox', 'mailbox', { SMTP_PORT: String(mailbox) })
    const mailboxUrl = { FAULTLINE_MAILBOX_URL: `smtp://127.0.0.1:${mailbox}` }
    start('web', 'web', { PORT: String(web), HOST: '127.0.0.1', ...mailboxUrl })
    await until('a control plane that answers', async () => (await fetch(`${url}/healthz`)).ok, startsWithin)
    for (const { name } of workers) startWorker(name)
    for (const { name } of workers) await up(name)
  }, 600_000)
  afterAll(async () => {
    await Promise.all([...running.values()].map((child) => child.stop()))
    await front?.stop()
    await postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  test('an event goes through workers of both hosts, and every sidecar came over TLS', async () => {
    await client.works()
    expect(front.connections()).toBeGreaterThanOrEqual(workers.length)
  })

  test('what a host that is gone owes waits for it, and is handled when it is back', async () => {
    await running.get('consumer-db')?.kill()
    await until('consumer-db gone', async () => !(await isUp('consumer-db')), startsWithin)
    const { status, body } = await client.publish()
    expect(status).toBe(202)
    await until('its mail', async () => (await client.emails(body.id ?? '')).total === 1, startsWithin)
    expect((await client.rows(body.id ?? '')).total).toBe(0)
    startWorker('consumer-db')
    await until('its row', async () => (await client.rows(body.id ?? '')).total === 1, startsWithin)
  })

  test('a host without the authority or with another token is not let in, and says why', async () => {
    const wrong: Record<string, string>[] = [
      { NODE_EXTRA_CA_CERTS: '' },
      { FAULTLINE_AGENT_TOKEN: 'a-token-of-another-lab' },
    ]
    await running.get('producer')?.stop()
    for (const env of wrong) {
      const refused = startWorker('producer', env)
      await until(
        `a word of ${Object.keys(env)}`,
        async () => /the control plane at https:\S+ cannot be reached/.test(refused.output()),
        startsWithin,
      )
      expect(await isUp('producer')).toBe(false)
      await refused.kill()
    }
    startWorker('producer')
    await up('producer')
    await client.works()
  })

  test('no process printed a secret', () => {
    const secrets = [agentToken, 'test-secret-key', 'a-token-of-another-lab', new URL(postgres.url).password]
    for (const [name, child] of running)
      for (const secret of secrets) if (secret !== '') expect(child.output(), name).not.toContain(secret)
  })
})
