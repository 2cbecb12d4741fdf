import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { connect, type Socket } from 'socket.io-client'
import { afterEach, expect, it, vi } from 'vitest'
import type { SidecarConfig } from '#contracts/protocols/agent.ts'
import { agentNamespace } from '#contracts/protocols/agent.ts'
import { startSimulator } from '#workers/sns-sqs/server.ts'
import { freePort } from '../supervisor/process/ports.ts'
import { startTestPostgres } from '../test/postgres.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'

// Whole processes start here, from source; on a busy machine that takes long.
vi.setConfig({ testTimeout: 240_000 })

const agentToken = 'an-agent-token-for-this-test'
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Lets a part come up late: what connects to `port` reaches `target` from now on. */
async function forward(port: number, target: number): Promise<Server> {
  const server = createServer((socket) => {
    const upstream = connectTcp(target, '127.0.0.1')
    socket.pipe(upstream).pipe(socket)
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    upstream.on('close', () => socket.destroy())
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return server
}

async function greetAsMailbox(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end('220 mailbox\r\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

interface Web {
  child: ChildProcess
  url: string
  api: (method: string, path: string, body?: unknown) => Promise<{ status: number; json: Record<string, unknown> }>
}

async function startWeb(env: Record<string, string>): Promise<Web> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'web/server.ts'], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', FAULTLINE_AGENT_TOKEN: agentToken, LOG_LEVEL: 'warn', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  closers.push(() => child.exitCode === null && child.kill('SIGKILL'))
  let port = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const said = JSON.parse(line)
    if (said.ready === true) {
      port = said.port
      break
    }
  }
  child.stdout.resume()
  const url = `http://127.0.0.1:${port}`
  return {
    child,
    url,
    async api(method, path, body) {
      const response = await fetch(url + path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      return { status: response.status, json: (await response.json()) as Record<string, unknown> }
    },
  }
}

/** A sidecar whose producer acknowledges everything. */
function startProducerSidecar(url: string): { configs: SidecarConfig[]; socket: Socket } {
  const configs: SidecarConfig[] = []
  const socket = connect(url + agentNamespace, {
    auth: { token: agentToken, service: 'producer', sidecarId: 'sidecar-of-a-test' },
    transports: ['websocket'],
  })
  closers.push(() => socket.close())
  let seq = 0
  const status = () =>
    socket.emit('status', {
      service: 'producer',
      pid: 1,
      replicas: [{ instance: 'producer-1', broker: 'local', pid: 2, state: 'up', restarts: 0, since: Date.now() }],
      links: [],
      faults: [],
      droppedFrames: 0,
    })
  socket.on('connect', status)
  socket.on('configure', (config: SidecarConfig, done: (reply: object) => void) => {
    configs.push(config)
    done({ id: 0, ok: true })
  })
  socket.on('command', ({ command }, done: (reply: object) => void) => {
    const results = (command.events ?? []).map(({ topic }: { topic: string }) => {
      seq += 1
      return { id: `producer-1:1:${topic}:${seq}`, state: 'acked', ref: `r${seq}` }
    })
    done({ id: 1, ok: true, results })
  })
  return { configs, socket }
}

const ended = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0]

it('comes up without database, broker and producer, and gets to work as each arrives', async () => {
  const [databasePort, brokerPort] = [await freePort(), await freePort()]
  const folder = await temporaryFolder('web')
  const postgres = await startTestPostgres()
  closers.push(() => postgres.stop())
  const databaseUrl = new URL(postgres.url)
  const databaseTarget = Number(databaseUrl.port)
  databaseUrl.port = String(databasePort)
  databaseUrl.hostname = '127.0.0.1'
  const web = await startWeb({
    DATABASE_URL: databaseUrl.href,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${brokerPort}`,
    SMTP_URL: `smtp://127.0.0.1:${await greetAsMailbox()}`,
    FAULTLINE_DATA_DIR: folder,
  })
  const missing = async () => (await web.api('GET', '/readyz')).json.missing as string[]
  const event = { type: 'user_signup', data: { email: 'test@example.com' } }

  expect(await web.api('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } })
  await expect.poll(missing, { timeout: 120_000 }).toHaveLength(3)
  expect((await web.api('POST', '/event', event)).json).toMatchObject({ status: 503, code: 'producer_down' })
  expect((await web.api('GET', '/api/outbox/rows')).json).toMatchObject({ status: 503, code: 'database_down' })

  await forward(databasePort, databaseTarget)
  await expect.poll(missing, { timeout: 120_000 }).toHaveLength(2)
  const simulator = await startSimulator({ port: brokerPort, host: '127.0.0.1' })
  closers.push(() => simulator.close())
  await expect.poll(missing, { timeout: 120_000 }).toEqual(['producer is unreachable'])
  const { configs } = startProducerSidecar(web.url)
  await expect.poll(missing, { timeout: 120_000 }).toEqual([])
  await expect.poll(() => configs.length, { timeout: 120_000 }).toBeGreaterThan(0)

  const published = await Promise.all(Array.from({ length: 50 }, () => web.api('POST', '/event', event)))
  expect(published.map(({ status }) => status)).toEqual(published.map(() => 202))

  const type = { name: 'invoice_sent', schema: { type: 'object' }, example: { amount: 1 } }
  expect(await web.api('POST', '/api/event-types', type)).toMatchObject({ status: 201 })
  expect(configs.at(-1)?.worker.eventTypes.map(({ name }) => name)).toContain('invoice_sent')
  const topology = (await web.api('GET', '/api/topology')).json as { edges: { id: string; observed: boolean }[] }
  expect(topology.edges.map(({ id }) => id)).toContain('topic:invoice_sent->queue:consumer-db')

  web.child.kill('SIGTERM')
  expect(await ended(web.child)).toBe(0)
})

it('ends when its supervisor is gone, and says what is wrong with its environment', async () => {
  const env = {
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    SMTP_URL: 'smtp://127.0.0.1:1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    FAULTLINE_DATA_DIR: await temporaryFolder('web'),
  }
  const web = await startWeb(env)
  web.child.stdin?.end()
  expect(await ended(web.child)).toBe(0)

  const wrong = spawn(process.execPath, ['--import', 'tsx', 'web/server.ts'], {
    env: { ...process.env, ...env, HOST: '0.0.0.0', FAULTLINE_AGENT_TOKEN: agentToken },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  wrong.stderr.on('data', (bytes) => {
    said += bytes
  })
  expect(await ended(wrong)).toBe(1)
  expect(said).toMatch(/0\.0\.0\.0 can be reached from other machines/)
  expect(said).not.toContain('    at ')
})
