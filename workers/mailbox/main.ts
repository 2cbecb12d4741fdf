import { fstatSync } from 'node:fs'
import { pino } from 'pino'
import { z } from 'zod'
import { mailboxEnv } from './env.ts'
import { openMailStore } from './mail-store.ts'
import { openMailbox } from './smtp.ts'

const parsed = mailboxEnv.safeParse(process.env)
if (!parsed.success) {
  process.stderr.write(`mailbox: the environment is not valid\n${z.prettifyError(parsed.error)}\n`)
  process.exit(2)
}
const env = parsed.data
const log = pino({ name: 'mailbox', level: env.LOG_LEVEL })
const store = openMailStore(env.DATABASE_URL)
const mailbox = await openMailbox({
  host: env.HOST,
  port: env.SMTP_PORT,
  store,
  onTrouble: (error) => log.warn({ err: error }, 'a mail could not be stored; its sender was asked to try again'),
}).catch((error: unknown) => {
  log.fatal({ err: error }, `the mailbox could not listen on ${env.HOST}:${env.SMTP_PORT}`)
  process.exit(1)
})

let closing = false
const shutDown = (): void => {
  if (closing) return
  closing = true
  mailbox
    .close()
    .then(() => store.close())
    .then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'closing failed')
        process.exit(1)
      },
    )
}
process.on('SIGTERM', shutDown)
process.on('SIGINT', shutDown)
// The parent watchdog: a supervisor holds the other end of a pipe. A terminal is not one, nor is `/dev/null`, as containers have it.
const input = fstatSync(0)
if (input.isFIFO() || input.isSocket()) process.stdin.on('end', shutDown).on('error', shutDown).resume()
process.stdout.on('error', () => undefined)
process.stdout.write(`${JSON.stringify({ ready: true, port: mailbox.port })}\n`)
