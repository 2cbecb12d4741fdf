import { fstatSync } from 'node:fs'
import { pino } from 'pino'
import { z } from 'zod'
import type { SimulatorClock } from './clock.ts'
import { simulatorEnv } from './env.ts'
import { flagsOf } from './flags.ts'
import { type InitFile, readInitFile } from './init.ts'
import { startSimulator } from './server.ts'
import { redisStore } from './stores/redis.ts'

const parsed = simulatorEnv.safeParse({ ...process.env, ...flagsOf(process.argv.slice(2)) })
if (!parsed.success) {
  process.stderr.write(`sns-sqs: the environment is not valid\n${z.prettifyError(parsed.error)}\n`)
  process.exit(2)
}
const env = parsed.data
const log = pino({ name: 'sns-sqs', level: env.LOG_LEVEL })

function readInit(path: string): InitFile {
  try {
    return readInitFile(path)
  } catch (error) {
    process.stderr.write(`sns-sqs: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}

const exitUnstarted = (port: number) => (error: unknown) => {
  log.fatal({ err: error }, `the simulator could not start on ${env.SNS_SQS_HOST}:${port}`)
  process.exit(1)
}
const common = {
  host: env.SNS_SQS_HOST,
  log,
  account: env.SNS_SQS_ACCOUNT,
  recreateAfterMs: env.SNS_SQS_RECREATE_AFTER * 1000,
  fifoLimits: env.SNS_SQS_FIFO_LIMITS === '1',
  ...(env.SNS_SQS_VERIFY_SIGNATURES === '1' ? { secretAccessKey: env.AWS_SECRET_ACCESS_KEY } : {}),
  ...(env.SNS_SQS_INIT === undefined ? {} : { init: readInit(env.SNS_SQS_INIT) }),
}
const simulator = await startSimulator({
  ...common,
  port: env.SNS_SQS_PORT,
  ...(env.SNS_SQS_DATA_DIR === undefined ? {} : { dataDir: env.SNS_SQS_DATA_DIR }),
}).catch(exitUnstarted(env.SNS_SQS_PORT))
const onRedis = env.REDIS_URL === undefined ? undefined : await startOnRedis(env.REDIS_URL)

async function startOnRedis(url: string) {
  const store = ({ aheadMs }: SimulatorClock) =>
    redisStore({ url, namespace: env.SNS_SQS_REDIS_NAMESPACE, log, aheadMs })
  const started = startSimulator({ ...common, port: env.SNS_SQS_REDIS_PORT, store })
  return started.catch(exitUnstarted(env.SNS_SQS_REDIS_PORT))
}

let closing = false
const shutDown = (reason: string): void => {
  if (closing) return
  closing = true
  log.info(`closing: ${reason}`)
  Promise.all([simulator.close(), onRedis?.close()]).then(
    () => process.exit(0),
    (error: unknown) => {
      log.fatal({ err: error }, 'closing failed')
      process.exit(1)
    },
  )
}
process.on('SIGTERM', () => shutDown('SIGTERM'))
process.on('SIGINT', () => shutDown('SIGINT'))
// The parent watchdog: a supervisor holds the other end of a pipe. A terminal is none, nor is `/dev/null`, as containers have it.
const input = fstatSync(0)
if (input.isFIFO() || input.isSocket()) {
  process.stdin.on('end', () => shutDown('the parent process is gone'))
  process.stdin.on('error', () => shutDown('the parent process is gone'))
  process.stdin.resume()
}
const redisLine = onRedis === undefined ? {} : { redis: { port: onRedis.port, url: onRedis.url } }
process.stdout.write(`${JSON.stringify({ ready: true, port: simulator.port, url: simulator.url, ...redisLine })}\n`)
