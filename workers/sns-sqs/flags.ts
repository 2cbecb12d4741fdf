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

/** The flags of a command line as the environment variables that they set; they win over it. Ends the process where one is not known. */
export function flagsOf(args: string[]): Record<string, string> {
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }]))
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({ args, options: { ...options, 'verify-signatures': { type: 'boolean' } } }).values
  } catch (error) {
    const known = [...Object.keys(flags), 'verify-signatures'].map((name) => `--${name}`).join(', ')
    process.stderr.write(`sns-sqs: ${error instanceof Error ? error.message : String(error)}\nFlags: ${known}\n`)
    process.exit(2)
  }
  const found: Record<string, string> = {}
  for (const [name, variable] of Object.entries(flags)) {
    const value = values[name]
    if (typeof value === 'string') found[variable] = value
  }
  if (values['verify-signatures'] === true) found.SNS_SQS_VERIFY_SIGNATURES = '1'
  return found
}
