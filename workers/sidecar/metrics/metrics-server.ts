import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Meters } from '#monitoring/metrics/meters.ts'
import type { ScrapeGuard } from './scrape-guard.ts'

export interface MetricsServer {
  /** Where a Prometheus finds it, `host:port`. */
  readonly address: string
  close(): Promise<void>
}

export interface MetricsServerOptions {
  host: string
  /** 0: any free one. */
  port: number
  /** Name under which other machines reach a sidecar that listens on all addresses. */
  name: string
  guard: ScrapeGuard
  meters: Pick<Meters, 'page' | 'contentType'>
  /** Whether the worker is as it should be; `detail` says what is not. Answered at `/healthz`. */
  health: () => Fitness
  /** Whether the worker can do its work now; waiting for a broker is healthy and not ready. Answered at `/readyz`. */
  readiness: () => Fitness
}

export interface Fitness {
  ok: boolean
  detail: string
}

/** A scrape is short: who sends its request slower than this is cut off. */
const requestTimeoutMs = 10_000

/**
 * Serves `GET /metrics`, `/healthz` and `/readyz` of a sidecar. The latter two need no token: they tell nothing of the lab. Rejects with a
 * sentence where the port cannot be had.
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, guard, meters } = options
  const fitness: Record<string, () => Fitness> = { '/healthz': options.health, '/readyz': options.readiness }
  const server = createServer(
    { requestTimeout: requestTimeoutMs },
    (request, response) => void answer(request, response),
  )

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0]
    const refusal = guard.refusal(request.headers)
    const asked = fitness[path ?? '']
    if (refusal && !(refusal.status === 401 && asked)) {
      return plain(response, refusal.status, refusal.detail)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'only GET is answered here')
    if (path === '/metrics') return plain(response, 200, await meters.page(), meters.contentType)
    if (!asked) return plain(response, 404, 'a sidecar answers at /metrics, /healthz and /readyz')
    const { ok, detail } = asked()
    plain(response, ok ? 200 : 503, detail)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const reason =
        code === 'EADDRINUSE' ? 'is in use: set FAULTLINE_METRICS_PORT to another, or to 0 for any' : message
      reject(new Error(`the metrics port ${port} of ${host} ${reason}`))
    })
    server.listen(port, host, resolve)
  })
  // Out of file descriptors, for one: that scrape then fails by itself.
  server.on('error', () => undefined)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the system gave no port for the metrics')
  const reachable = host === '0.0.0.0' || host === '::' ? options.name : host
  return {
    address: `${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function plain(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  })
  response.end(text)
}
