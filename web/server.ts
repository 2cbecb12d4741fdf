import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { startIdOf } from '#contracts/brokers/broker-choice.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { createRedactor } from '#contracts/secrets.ts'
import type { LogLine } from '#monitoring/otlp/log-export.ts'
import { pinoStream } from '#monitoring/otlp/pino-stream.ts'
import { createAccessToken } from './control/access/access-token.ts'
import { createRequestGuard } from './control/access/request-guard.ts'
import { createApi } from './control/api/create-api.ts'
import { openSockets } from './control/api/viewer-sockets.ts'
import { openExports } from './control/exports/open-exports.ts'
import { openLabText } from './control/lab-changes/lab-text.ts'
import { openControlPlane } from './control/open-control-plane.ts'
import { openPages } from './control/pages/pages.ts'
import { readWebEnv } from './control/process/env.ts'
import { onProcessEnd } from './control/process/parent-watchdog.ts'
import { readVersion } from './control/process/version.ts'
import { startWatchdog, watchdogPath } from './control/process/watchdog.ts'

/**
 * The web process: API, live sockets and pages on one port. It only wires. STARTING → SERVING → DRAINING (takes no more
 * publishes, finishes requests) → gone, within the grace time.
 */
const env = await orExit(() => readWebEnv(process.env))
const version = await readVersion()
const exports = openExports(env, version)
const log = openLog(exports.pushLog)
const lab = await orExit(() =>
  openLabText(
    {
      file: env.labFile ?? defaultLabFile(process.cwd()),
      path: join(env.dataDir, 'state', 'applied-lab.json'),
      start: startIdOf(env.agentToken),
    },
    loadLab,
  ),
)
const control = await openControlPlane(env, { lab, log, version, exports })
/** How long the last lines and spans may take to leave, in milliseconds. */
const exportGraceMs = 700
const guard = createRequestGuard({ host: env.host, allowedHosts: env.allowedHosts })
const token = createAccessToken(env.token)
const pages = openPages({ dir: join(process.cwd(), 'web'), development: env.development, token, log })
const app = await createApi({ version, guard, token, log, routes: control.routes, pages: pages.handle })
const io = openSockets(app.server, { guard, token, sharesUpgrades: pages.upgrade !== undefined })
if (pages.upgrade) app.server.on('upgrade', pages.upgrade)

await control.start(io)
await app.listen({ host: env.host, port: env.port }).catch((error: NodeJS.ErrnoException) => {
  const reason = error.code === 'EADDRINUSE' ? 'is in use; stop what listens there or set PORT' : error.message
  process.stderr.write(`port ${env.port} of ${env.host} ${reason}\n`)
  process.exit(1)
})
// From here on: what is loaded and restored before may keep a small machine busy for long.
const watchdog = env.development ? undefined : startWatchdog(watchdogPath(env.dataDir))
const { port } = app.server.address() as AddressInfo
process.stdout.write(`${JSON.stringify({ ready: true, port, url: `http://localhost:${port}` })}\n`)

onProcessEnd((reason) => {
  log.info(`stopping: ${reason}`)
  setTimeout(() => {
    log.warn(`stopping took longer than ${env.graceMs} ms; ending at once`)
    process.exit(1)
  }, env.graceMs).unref()
  void stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'stopping failed')
      process.exit(1)
    },
  )
})

async function stop(): Promise<void> {
  await watchdog?.stop()
  await control.drain()
  // Ends WebSockets too, which closing the HTTP server alone would wait for.
  io.disconnectSockets(true)
  io.engine.close()
  await app.close()
  log.debug('requests are finished')
  await pages.close()
  await control.close()
  await exports.close(exportGraceMs)
}

/** Lines go to standard output, and to Loki if there is one, without the secrets of the environment. */
function openLog(push: ((line: LogLine) => void) | undefined): Logger {
  const redact = createRedactor(process.env)
  const streams = [process.stdout, ...(push ? [pinoStream('web', push)] : [])].map((stream) => ({
    level: 'trace' as const,
    stream: { write: (line: string) => void stream.write(redact(line)) },
  }))
  return pino({ name: 'web', level: env.logLevel }, pino.multistream(streams))
}

/** A wrong environment is a sentence for a person, not a stack. */
async function orExit<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
