import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'

const given = z.string().optional()
const loopback = ['127.0.0.1', 'localhost', '::1']

const environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  BROKER: z.enum(['local']).default('local'),
  FAULTLINE_DATA_DIR: z.string().default('.faultline'),
  DATABASE_URL: given,
  SMTP_URL: given,
  AWS_ENDPOINT_URL: given,
  SNS_SQS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  FAULTLINE_TOKEN: given,
  FAULTLINE_TRUST_NETWORK: given,
  FAULTLINE_GRACE_MS: z.coerce.number().int().min(0).max(60_000).default(10_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export interface Settings {
  port: number
  /** Address that web listens on. */
  host: string
  broker: 'local'
  /** Absolute. */
  dataFolder: string
  /** Given: the lab uses these and starts no part of its own for them. */
  databaseUrl?: string
  smtpUrl?: string
  brokerUrl?: string
  /** Port that the simulator must have; else any. */
  simulatorPort?: number
  graceMs: number
  logLevel: string
  /** The environment for the children: `.env` under the real one. */
  inherited: Record<string, string>
}

const hints: Record<string, string> = {
  PORT: 'a number from 1 to 65535',
  SNS_SQS_PORT: 'a number from 1 to 65535',
  BROKER: '`local`, the only broker of this version',
  FAULTLINE_GRACE_MS: 'milliseconds, 0 to 60000',
  LOG_LEVEL: 'one of trace, debug, info, warn, error, fatal, silent',
}

/** Reads `.env` in `root` and the environment, which wins; an empty value counts as absent. Throws one sentence. */
export function readSettings(root: string, real: NodeJS.ProcessEnv): Settings {
  const file = join(root, '.env')
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const merged = Object.entries({ ...fromFile, ...real })
  const inherited = Object.fromEntries(
    merged.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
  const parsed = environment.safeParse(inherited)
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0])
    throw new Error(`${name}=${inherited[name]} is not valid: set it to ${hints[name] ?? 'another value'}`)
  }
  const env = parsed.data
  if (!loopback.includes(env.HOST) && env.FAULTLINE_TOKEN === undefined && env.FAULTLINE_TRUST_NETWORK !== '1') {
    throw new Error(
      `HOST=${env.HOST} opens the lab to the network: set FAULTLINE_TOKEN to a secret, or HOST to 127.0.0.1`,
    )
  }
  const folder = env.FAULTLINE_DATA_DIR
  return {
    port: env.PORT,
    host: env.HOST,
    broker: env.BROKER,
    dataFolder: isAbsolute(folder) ? folder : join(root, folder),
    ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.SMTP_URL === undefined ? {} : { smtpUrl: env.SMTP_URL }),
    ...(env.AWS_ENDPOINT_URL === undefined ? {} : { brokerUrl: env.AWS_ENDPOINT_URL }),
    ...(env.SNS_SQS_PORT === undefined ? {} : { simulatorPort: env.SNS_SQS_PORT }),
    graceMs: env.FAULTLINE_GRACE_MS,
    logLevel: env.LOG_LEVEL,
    inherited,
  }
}
