import { pino } from 'pino'
import { z } from 'zod'
import { simulatorEnv } from './env.ts'
import { startSimulator } from './server.ts'

const parsed = simulatorEnv.safeParse(process.env)
if (!parsed.success) {
  process.stderr.write(`sns-sqs: the environment is not valid\n${z.prettifyError(parsed.error)}\n`)
  process.exit(2)
}
const env = parsed.data
const log = pino({ name: 'sns-sqs', level: env.LOG_LEVEL })

const simulator = await startSimulator({
  port: env.SNS_SQS_PORT,
  host: env.SNS_SQS_HOST,
  log,
  ...(env.SNS_SQS_DATA_DIR === undefined ? {} : { dataDir: env.SNS_SQS_DATA_DIR }),
}).catch((error: unknown) => {
  log.fatal({ err: error }, `the simulator could not start on ${env.SNS_SQS_HOST}:${env.SNS_SQS_PORT}`)
  process.exit(1)
})

let closing = false
const shutDown = (reason: string): void => {
  if (closing) return
  closing = true
  log.info(`closing: ${reason}`)
  simulator.close().then(
    () => process.exit(0),
    (error: unknown) => {
      log.fatal({ err: error }, 'closing failed')
      process.exit(1)
    },
  )
}
process.on('SIGTERM', () => shutDown('SIGTERM'))
process.on('SIGINT', () => shutDown('SIGINT'))
// The lifeline: whoever started this holds the other end of its standard input. A terminal is no lifeline.
if (!process.stdin.isTTY) {
  process.stdin.on('end', () => shutDown('the parent process is gone'))
  process.stdin.on('error', () => shutDown('the parent process is gone'))
  process.stdin.resume()
}
process.stdout.write(`${JSON.stringify({ ready: true, port: simulator.port, url: simulator.url })}\n`)
