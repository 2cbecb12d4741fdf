import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { brokers } from '#contracts/brokers/broker-list.ts'
import { type BrokerName, brokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { addressTextOf, brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { plantedDefectOf } from '#contracts/defects.ts'
import { flag, logLevel, text, textOr, whole, wholeOr } from '#contracts/environment.ts'
import { hostPortsOf, isLoopback } from '#contracts/host-port.ts'
import { createRedactor } from '#contracts/secrets.ts'
import { requireBrokerSettings } from '#workers/broker/broker-settings.ts'
import { readKeptBroker } from './kept-broker.ts'

/** How the address of a broker must be written, by the form that it has, and in words. */
const addressForms = {
  url: { schema: z.url({ protocol: /^https?$/ }), hint: 'http://host:port' },
  cluster: { schema: z.string().refine(isHostPorts), hint: 'host:port, several separated by commas' },
}
const addressVariables = brokers.map(({ address: { variable, form } }) => ({ variable, ...addressForms[form] }))

const environment = z.object({
  PORT: wholeOr(3000, 1, 65_535),
  HOST: textOr('127.0.0.1'),
  BROKER: text.pipe(brokerName.optional()),
  ...brokerEnvironment,
  REDIS_URL: text.pipe(z.url({ protocol: /^rediss?$/ }).optional()),
  FAULTLINE_DATA_DIR: textOr('.faultline'),
  FAULTLINE_DATA_DIR_REMOVE: flag,
  DATABASE_URL: text,
  SMTP_URL: text,
  SNS_SQS_PORT: whole(1, 65_535),
  SNS_SQS_REDIS_PORT: whole(1, 65_535),
  FAULTLINE_TOKEN: text,
  FAULTLINE_TRUST_NETWORK: text,
  FAULTLINE_GRACE_MS: wholeOr(10_000, 0, 60_000),
  LOG_LEVEL: logLevel,
})

/** Variables that hold the path of a PEM file, or its text. */
const certificateVariables = new Set<string>(
  brokers.flatMap((broker) => ('certificates' in broker ? (broker.certificates ?? []) : [])),
)
const certificateIn = (home: string, value: string): string =>
  value.includes('-----BEGIN') || isAbsolute(value) ? value : join(home, value)

export interface Settings {
  port: number
  /** Address that web listens on. */
  host: string
  /** `BROKER`; without it, what the lab of this data folder last ran on; `local` in a new one. */
  broker: BrokerName
  /** Absolute. */
  dataFolder: string
  /** The data folder is removed when the lab has stopped: it was made for this lab alone. */
  isDataRemoved: boolean
  /** Given: the lab uses these and starts no part of its own for them. */
  databaseUrl?: string
  smtpUrl?: string
  /** By broker: where one of somebody else's answers, as its variable has it. */
  brokerAddresses: Partial<Record<BrokerName, string>>
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
  BROKER: `one of ${brokers.map(({ name, words }) => `\`${name}\`${'hint' in words ? ` (${words.hint})` : ''}`).join(', ')}`,
  KAFKA_SASL_MECHANISM: 'plain, scram-sha-256 or scram-sha-512',
  REDIS_URL: 'redis://host:6379, or rediss:// for TLS',
  ...Object.fromEntries(addressVariables.map(({ variable, hint }) => [variable, hint])),
  FAULTLINE_GRACE_MS: 'milliseconds, 0 to 60000',
  LOG_LEVEL: 'one of trace, debug, info, warn, error, fatal, silent',
}

/** Reads `.env` in `home` and the environment, which wins; an empty value counts as absent. Throws one sentence. */
export function readSettings(home: string, real: NodeJS.ProcessEnv): Settings {
  const file = join(home, '.env')
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const merged = Object.entries({ ...fromFile, ...real })
  const set = merged.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
  // The processes of the lab work in another folder than this.
  const inherited = Object.fromEntries(
    set.map(([name, value]) => [name, certificateVariables.has(name) ? certificateIn(home, value) : value]),
  )
  const parsed = environment.safeParse(inherited)
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0])
    throw invalid(name, inherited[name])
  }
  const env = parsed.data
  for (const { variable, schema } of addressVariables)
    if (inherited[variable] !== undefined && !schema.safeParse(inherited[variable]).success)
      throw invalid(variable, inherited[variable])
  if (!isLoopback(env.HOST) && env.FAULTLINE_TOKEN === undefined && env.FAULTLINE_TRUST_NETWORK !== '1') {
    throw new Error(
      `HOST=${env.HOST} opens the lab to the network: set FAULTLINE_TOKEN to a secret, or HOST to 127.0.0.1`,
    )
  }
  requireBrokerSettings(env)
  // Nobody shall find out by its figures that a lab makes mistakes on purpose.
  plantedDefectOf(inherited)
  const folder = env.FAULTLINE_DATA_DIR
  const dataFolder = isAbsolute(folder) ? folder : join(home, folder)
  return {
    port: env.PORT,
    host: env.HOST,
    broker: env.BROKER ?? readKeptBroker(dataFolder) ?? defaultBroker,
    ...{ dataFolder, isDataRemoved: env.FAULTLINE_DATA_DIR_REMOVE },
    ...(env.DATABASE_URL === undefined ? {} : { databaseUrl: env.DATABASE_URL }),
    ...(env.SMTP_URL === undefined ? {} : { smtpUrl: env.SMTP_URL }),
    brokerAddresses: Object.fromEntries(
      brokerName.options.flatMap((broker) => {
        const address = addressTextOf(broker, env)
        return address === undefined ? [] : [[broker, address.replaceAll(/\s/g, '')]]
      }),
    ),
    ...(env.REDIS_URL === undefined ? {} : { redisUrl: env.REDIS_URL }),
    ...(env.SNS_SQS_PORT === undefined ? {} : { simulatorPort: env.SNS_SQS_PORT }),
    ...(env.SNS_SQS_REDIS_PORT === undefined ? {} : { simulatorRedisPort: env.SNS_SQS_REDIS_PORT }),
    graceMs: env.FAULTLINE_GRACE_MS,
    logLevel: env.LOG_LEVEL,
    inherited,
  }
}

function invalid(name: string, value: string | undefined): Error {
  const shown = createRedactor({ [name]: value })(`${name}=${value}`)
  return new Error(`${shown} is not valid: set it to ${hints[name] ?? 'another value'}`)
}

function isHostPorts(text: string): boolean {
  try {
    return hostPortsOf('', text).length > 0
  } catch {
    return false
  }
}
