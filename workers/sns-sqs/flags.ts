import { parseArgs } from 'node:util'

/** What each flag of the command line sets in the environment. */
const flags = {
  port: 'SNS_SQS_PORT',
  host: 'SNS_SQS_HOST',
  'data-dir': 'SNS_SQS_DATA_DIR',
  init: 'SNS_SQS_INIT',
  account: 'SNS_SQS_ACCOUNT',
  redis: 'REDIS_URL',
  'redis-port': 'SNS_SQS_REDIS_PORT',
  'recreate-after': 'SNS_SQS_RECREATE_AFTER',
  'log-level': 'LOG_LEVEL',
} as const
/** Those without a value. */
const switches = { 'verify-signatures': 'SNS_SQS_VERIFY_SIGNATURES', 'fifo-limits': 'SNS_SQS_FIFO_LIMITS' } as const

/** The flags of a command line as the environment variables that they set; they win over it. Ends the process where one is not known. */
export function flagsOf(args: string[]): Record<string, string> {
  const options: Record<string, { type: 'string' | 'boolean' }> = Object.fromEntries([
    ...Object.keys(flags).map((name) => [name, { type: 'string' as const }] as const),
    ...Object.keys(switches).map((name) => [name, { type: 'boolean' as const }] as const),
  ])
  let values: Record<string, unknown>
  try {
    values = parseArgs({ args, options }).values
  } catch (error) {
    const known = [...Object.keys(flags), ...Object.keys(switches)].map((name) => `--${name}`).join(', ')
    process.stderr.write(`sns-sqs: ${error instanceof Error ? error.message : String(error)}\nFlags: ${known}\n`)
    process.exit(2)
  }
  const found: Record<string, string> = {}
  for (const [name, variable] of Object.entries(flags)) {
    const value = values[name]
    if (typeof value === 'string') found[variable] = value
  }
  for (const [name, variable] of Object.entries(switches)) if (values[name] === true) found[variable] = '1'
  return found
}
