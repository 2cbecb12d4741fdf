import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { type Fitness, type MetricsServer, startMetricsServer } from './metrics-server.ts'
import { createScrapeGuard } from './scrape-guard.ts'

const running: MetricsServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function open(
  options: { token?: string; isOpen?: boolean; port?: number; health?: Fitness; readiness?: Fitness } = {},
) {
  const server = await startMetricsServer({
    host: '127.0.0.1',
    port: options.port ?? 0,
    name: 'consumer-db',
    guard: createScrapeGuard({
      names: ['consumer-db'],
      isOpen: options.isOpen ?? false,
      token: options.token,
    }),
    meters: createMeters('sidecar'),
    health: () => options.health ?? { ok: true, detail: 'ok' },
    readiness: () => options.readiness ?? { ok: true, detail: 'ok' },
  })
  running.push(server)
  return server
}

/** `fetch` sets the Host itself. */
function get(address: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const [host, port] = address.split(':')
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    request({ host, port, path, headers, method }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('startMetricsServer', () => {
  it('answers metrics and health, and nothing else', async () => {
    const { address } = await open()
    const page = await get(address, '/metrics')
    expect(page.status).toBe(200)
    expect(page.type).toContain('version=0.0.4')
    expect(page.body).toContain('# TYPE messaging_process_duration_seconds histogram')
    expect(await get(address, '/healthz')).toMatchObject({ status: 200, body: 'ok' })
    expect((await get(address, '/')).status).toBe(404)
    expect((await get(address, '/metrics', {}, 'POST')).status).toBe(405)
  })

  it('says what is not healthy', async () => {
    const { address } = await open({ health: { ok: false, detail: 'consumer-db-1 is backoff' } })
    expect(await get(address, '/healthz')).toMatchObject({ status: 503, body: 'consumer-db-1 is backoff' })
    expect(await get(address, '/readyz')).toMatchObject({ status: 200, body: 'ok' })
  })

  it('says what is healthy and not ready', async () => {
    const { address } = await open({ readiness: { ok: false, detail: 'consumer-db-1 is waiting-for-broker' } })
    expect(await get(address, '/healthz')).toMatchObject({ status: 200 })
    expect(await get(address, '/readyz')).toMatchObject({ status: 503, body: 'consumer-db-1 is waiting-for-broker' })
  })

  it('refuses a Host that is not its own, and takes its service name', async () => {
    const { address } = await open()
    expect((await get(address, '/metrics', { host: 'evil.example' })).status).toBe(403)
    expect((await get(address, '/metrics', { host: '10.0.0.7:9464' })).status).toBe(403)
    expect((await get(address, '/metrics', { host: 'consumer-db:9464' })).status).toBe(200)
    const { address: opened } = await open({ isOpen: true })
    expect((await get(opened, '/metrics', { host: '10.0.0.7:9464' })).status).toBe(200)
    expect((await get(opened, '/metrics', { host: 'evil.example' })).status).toBe(403)
  })

  it('needs the token where one is set, except for health', async () => {
    const { address } = await open({ token: 'a-secret' })
    expect((await get(address, '/metrics')).status).toBe(401)
    expect((await get(address, '/metrics', { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await get(address, '/metrics', { authorization: 'Bearer a-secret' })).status).toBe(200)
    expect((await get(address, '/healthz')).status).toBe(200)
  })

  it('says in a sentence that the port is in use', async () => {
    const { address } = await open()
    const port = Number(address.split(':')[1])
    await expect(open({ port })).rejects.toThrow(/metrics port \d+ of 127.0.0.1 is in use: set FAULTLINE_METRICS_PORT/)
  })
})
