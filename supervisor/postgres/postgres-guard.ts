import { dirname } from 'node:path'
import { pino } from 'pino'
import { z } from 'zod'
import { onParentEnd } from '../process/parent-watchdog.ts'
import { startPostgres } from './server.ts'

// The guard of PostgreSQL: starts it, says when it is ready, and takes it down with itself.
const env = z
  .object({
    POSTGRES_DATA_DIR: z.string().min(1),
    /** Of the lab's role in a cluster that is made now. */
    POSTGRES_PASSWORD: z.string().min(1),
    POSTGRES_PORT: z.coerce.number().int().min(0),
    LOG_LEVEL: z.string().default('info'),
  })
  .parse(process.env)
const log = pino({ level: env.LOG_LEVEL, base: { service: 'postgres' } })

/** A statement that fails is reported to its client; here it is for the log file. */
function logLine(line: string): void {
  if (/\b(FATAL|PANIC)\b/.test(line)) log.error(line)
  else log.info(line)
}

try {
  const folder = env.POSTGRES_DATA_DIR
  // The data folder of the lab, which its start has closed.
  const server = await startPostgres({
    ...{ folder, port: env.POSTGRES_PORT, password: env.POSTGRES_PASSWORD },
    ...{ ours: [dirname(folder)], onLog: logLine },
  })
  let stopping = false
  onParentEnd(async () => {
    stopping = true
    await server.stop('fast')
    process.exit(0)
  })
  console.log(JSON.stringify({ ready: true, port: server.port, postmaster: server.pid }))
  const reason = await server.ended
  if (!stopping) {
    log.error(reason)
    process.exit(1)
  }
} catch (error) {
  log.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
