import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerOptions } from './create-broker.ts'

/** An empty variable is an absent one, as in a shell's `NAME= command`. */
const text = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional())
const flag = text.transform((value) => value === '1')

/** Variables that say where brokers are and how to reach them: spread into the environment schema of each process. */
export const brokerEnvironment = {
  AWS_ENDPOINT_URL: text,
  AWS_REGION: text.transform((value) => value ?? 'us-east-1'),
  AWS_ACCESS_KEY_ID: text,
  SNS_SQS_CLOUD: flag,
  SNS_SQS_REDIS_ENDPOINT_URL: text,
  KAFKA_BROKERS: text,
  KAFKA_SSL: flag,
  KAFKA_SSL_CA: text,
  // Providers write them in upper case.
  KAFKA_SASL_MECHANISM: text
    .transform((value) => value?.toLowerCase())
    .pipe(z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional()),
  KAFKA_SASL_USERNAME: text,
  KAFKA_SASL_PASSWORD: text,
}

/** What `brokerEnvironment` gives once it is read. */
export type BrokerSettings = z.output<z.ZodObject<typeof brokerEnvironment>>

/** Only the broker's own part of a larger environment. */
export function brokerSettingsOf(env: BrokerSettings): BrokerSettings {
  const names = Object.keys(brokerEnvironment)
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name))) as BrokerSettings
}

/**
 * What `createBroker` needs to reach `broker`. Throws a sentence that names the variable where an address is missing, a
 * file cannot be read, or AWS itself would be used without having been asked for (docs/adr/0007-aws-opt-in.md).
 */
export function brokerOptionsOf(settings: BrokerSettings, broker: BrokerName): BrokerOptions {
  if (broker === 'kafka') return { broker, ...kafkaOptionsOf(settings) }
  const region = settings.AWS_REGION
  if (broker === 'redis') {
    const endpoint = settings.SNS_SQS_REDIS_ENDPOINT_URL
    if (endpoint === undefined)
      throw new Error('SNS_SQS_REDIS_ENDPOINT_URL is not set: it says where the simulator with the Redis store answers')
    return { broker, endpoint, region, ...simulatorCredentials(settings) }
  }
  const endpoint = settings.AWS_ENDPOINT_URL
  if (endpoint !== undefined) return { broker, endpoint, region, ...simulatorCredentials(settings) }
  if (!settings.SNS_SQS_CLOUD)
    throw new Error(
      'AWS_ENDPOINT_URL is not set, and without it queues would be made in the AWS cloud. Set it to where the simulator ' +
        'answers, or set SNS_SQS_CLOUD=1 to use the account of your AWS credentials',
    )
  return { broker, region }
}

/**
 * Throws as `brokerOptionsOf` does where a Kafka is named and what is said of it cannot be. For the start of a process: it need not run on
 * Kafka now to be switched to it later.
 */
export function requireKafkaSettings(settings: BrokerSettings): void {
  if (settings.KAFKA_BROKERS !== undefined) kafkaOptionsOf(settings)
}

/** The simulator asks for none, the SDK for some; where the environment has them, the SDK finds them itself. */
function simulatorCredentials({ AWS_ACCESS_KEY_ID }: BrokerSettings) {
  return AWS_ACCESS_KEY_ID === undefined
    ? { credentials: { accessKeyId: 'faultline', secretAccessKey: 'faultline' } }
    : {}
}

function kafkaOptionsOf(settings: BrokerSettings) {
  const brokers = (settings.KAFKA_BROKERS ?? '').split(',').flatMap((name) => name.trim() || [])
  if (brokers.length === 0)
    throw new Error('KAFKA_BROKERS is not set: it names the brokers, for example 127.0.0.1:9092,127.0.0.1:9093')
  for (const name of brokers) {
    if (!/^(\[[\da-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/.test(name))
      throw new Error(`KAFKA_BROKERS: "${name}" is not host:port`)
  }
  const { KAFKA_SSL_CA: file, KAFKA_SASL_MECHANISM: mechanism } = settings
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings
  if (mechanism === undefined && (username !== undefined || password !== undefined))
    throw new Error('KAFKA_SASL_MECHANISM is not set, but a user or password is: plain, scram-sha-256 or scram-sha-512')
  if (mechanism !== undefined && (username === undefined || password === undefined))
    throw new Error(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`)
  return {
    brokers,
    // A certificate authority is given for nothing else than TLS.
    ...(file !== undefined ? { ssl: { ca: [readPem(file)] } } : settings.KAFKA_SSL ? { ssl: true as const } : {}),
    ...(mechanism === undefined || username === undefined || password === undefined
      ? {}
      : { sasl: { mechanism, username, password } }),
  }
}

const certificate = '-----BEGIN CERTIFICATE-----'

/** The content of a file; or the given text itself, which reaches a container without a mount. */
function readPem(file: string): string {
  if (file.includes(certificate)) return file
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`KAFKA_SSL_CA: ${file} cannot be read (${error instanceof Error ? error.message : error})`)
  }
  if (!pem.includes(certificate)) throw new Error(`KAFKA_SSL_CA: ${file} holds no PEM certificate`)
  return pem
}
