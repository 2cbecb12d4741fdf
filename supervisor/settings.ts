import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { plantedDefectOf } from '#contracts/defects.ts'
import { brokerEnvironment, requireKafkaSettings } from '#workers/broker/broker-settings.ts'
import { readKeptBroker } from './parts/kept-broker.ts'

const given = z.string().optional()
const port = z.coerce.number().int().min(1).max(65_535)
/** `host:port`, several separated by commas; an IPv6 address in brackets. */
const brokerList = z
  .string()
  .regex(/^\s*([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}(\s*,\s*([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5})*\s*$/)
const httpUrl = z.url({ protocol: /^https?$/ })
const loopback = ['127.0.0.1', 'localhost', '::1']

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  BROKER: brokerName.optional(),
  ...brokerEnvironment,
  KAFKA_BROKERS: brokerList.optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  FAULTLINE_DATA_DIR: z.string().default('.faultline'),
  DATABASE_URL: given,
  SMTP_URL: given,
  AWS_ENDPOINT_URL: httpUrl.optional(),
  SNS_SQS_REDIS_ENDPOINT_URL: httpUrl.optional(),
  SNS_SQS_PORT: port.optional(),
  SNS_SQS_REDIS_PORT: port.optional(),
  FAULTLINE_TOKEN: given,
  FAULTLINE_TRUST_NETWORK: given,
  FAULTLINE_GRACE_MS: z.coerce.number().int().min(0).max(60_000).default(10_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export interface Settings {
  port: number
  /** Address that web listens on. */
  host: string
  /** `BROKER`; without it, what the lab of this data folder last ran on; `local` in a new one. */
  broker: BrokerName
  /** Absolute. */
  dataFolder: string
  /** Given: the lab uses these and starts no part of its own for them. */
  databaseUrl?: string
  smtpUrl?: string
  /** An SNS/SQS endpoint in place of the simulator with its queues in memory, and of that with Redis. */
  brokerUrl?: string
  redisBrokerUrl?: string
  /** `host:port`, separated by commas. */
  kafkaBrokers?: string
  redisUrl?: string
  /** Ports that the simulator must have; else any. */
  simulatorPort?: number
  simulatorRedisPort?: number
  graceMs: number
  logLevel: string
  /** The environment for the children: `.env` under the real one. */
  inherited: Record<string, string>
}

const hints: Record<string, string> = {
  PORT: 'a number from 1 to 65535',
  SNS_SQS_PORT: 'a number from 1 to 65535',
  SNS_SQS_REDIS_PORT: 'a number from 1 to 65535',
  BROKER: '`local` (SNS/SQS in memory), `redis` (SNS/SQS on Redis) or `kafka`',
  KAFKA_BROKERS: 'host:port, several separated by commas',
  KAFKA_SASL_MECHANISM: 'plain, scram-sha-256 or scram-sha-512',
  REDIS_URL: 'redis://host:6379, or rediss:// for TLS',
  AWS_ENDPOINT_URL: 'http://host:port',
  SNS_SQS_REDIS_ENDPOINT_URL: 'http://host:port',
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
  requireKafkaSettings(env)
  // Nobody shall find out by its figures that a lab makes mistakes on purpose.
  plantedDefectOf(inherited)
  const folder = env.FAULTLINE_DATA_DIR
  const dataFolder = isAbsolute(folder) ? folder : join(root, folder)
  return {
    port: env.PORT,
    host: env.HOST,
    broker: env.BROKER ?? readKeptBroker(dataFolder) ?? 'local',
    dataFolder,
    ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.SMTP_URL === undefined ? {} : { smtpUrl: env.SMTP_URL }),
    ...(env.AWS_ENDPOINT_URL === undefined ? {} : { brokerUrl: env.AWS_ENDPOINT_URL }),
    ...(env.SNS_SQS_REDIS_ENDPOINT_URL === undefined ? {} : { redisBrokerUrl: env.SNS_SQS_REDIS_ENDPOINT_URL }),
    ...(env.KAFKA_BROKERS === undefined ? {} : { kafkaBrokers: env.KAFKA_BROKERS.replaceAll(/\s/g, '') }),
    ...(env.REDIS_URL === undefined ? {} : { redisUrl: env.REDIS_URL }),
    ...(env.SNS_SQS_PORT === undefined ? {} : { simulatorPort: env.SNS_SQS_PORT }),
    ...(env.SNS_SQS_REDIS_PORT === undefined ? {} : { simulatorRedisPort: env.SNS_SQS_REDIS_PORT }),
    graceMs: env.FAULTLINE_GRACE_MS,
    logLevel: env.LOG_LEVEL,
    inherited,
  }
}
