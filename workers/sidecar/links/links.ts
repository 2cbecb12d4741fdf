import type { TopologyDeclaration } from '#contracts/api/topology.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { labTopology } from '#contracts/lab-topology.ts'

/** One address that a worker may connect to. A cluster is one link with several addresses, which all have its id. */
export interface Link {
  /** `consumer-db->broker`. */
  id: string
  /** As the worker's own clients name it. */
  host: string
  port: number
}

/** Where the brokers answer. */
export interface BrokerAddresses {
  /** The simulator with its memory store; absent: AWS itself. */
  awsEndpointUrl?: string | undefined
  awsRegion: string
  /** The simulator with its Redis store. */
  redisEndpointUrl?: string | undefined
  /** `host:port` with commas between. */
  kafkaBrokers?: string | undefined
}

/** Where a worker's effects are made. */
export interface EffectUrls {
  databaseUrl?: string | undefined
  smtpUrl?: string | undefined
}

/** Ports that the clients assume where a URL names none. */
const defaultPorts: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
  'smtp:': 587,
  'smtps:': 465,
}
const kafkaPort = 9092

/**
 * The addresses of effects that a worker needs: a consumer of rows the database, a consumer of mails the mailbox, a
 * producer none. One whose effect is not declared may use all that the environment names. Only these are given to it.
 */
export function neededUrls(service: string, urls: EffectUrls, topology: TopologyDeclaration = labTopology): EffectUrls {
  const { databaseUrl, smtpUrl } = urls
  if (topology.producers.some(({ name }) => name === service)) return {}
  const effect = topology.consumers.find(({ name }) => name === service)?.effect?.kind
  if (effect === 'row') return { databaseUrl }
  if (effect === 'email') return { smtpUrl }
  return { databaseUrl, smtpUrl }
}

/** The link of a worker to the broker that it runs on. Throws where its address is not known or cannot be read. */
export function brokerLinks(service: string, broker: BrokerName, addresses: BrokerAddresses): Link[] {
  const { awsEndpointUrl, awsRegion, redisEndpointUrl, kafkaBrokers } = addresses
  const id = `${service}->broker`
  if (broker === 'kafka') return clusterOf(kafkaBrokers).map((address) => ({ id, ...address }))
  if (broker === 'redis') {
    if (redisEndpointUrl === undefined)
      throw new Error('SNS_SQS_REDIS_ENDPOINT_URL is not set: it says where the simulator with the Redis store answers')
    return [{ id, ...addressOf(redisEndpointUrl) }]
  }
  const urls =
    awsEndpointUrl === undefined
      ? ['sns', 'sqs'].map((api) => `https://${api}.${awsRegion}.amazonaws.com`)
      : [awsEndpointUrl]
  return urls.map((url) => ({ id, ...addressOf(url) }))
}

/** The links of a worker to where its effects are made. Throws where an address cannot be read. */
export function effectLinks(service: string, urls: EffectUrls): Link[] {
  const named = [
    ['database', urls.databaseUrl],
    ['smtp', urls.smtpUrl],
  ] as const
  return named.flatMap(([target, url]) =>
    url === undefined ? [] : [{ id: `${service}->${target}`, ...addressOf(url) }],
  )
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol, searchParams } = new URL(url)
  // `postgres://…?host=/run/postgresql` is a Unix socket, which no proxy carries.
  const socket = searchParams.get('host')
  if (socket !== null)
    throw new Error(`${protocol}//…?host=${socket}: name the host in the address, not as a parameter`)
  const number = port === '' ? defaultPorts[protocol] : Number(port)
  if (hostname === '' || number === undefined) throw new Error(`${protocol}//${hostname} names no host and port`)
  return { host: withoutBrackets(hostname), port: number }
}

function clusterOf(brokers: string | undefined): { host: string; port: number }[] {
  const names = (brokers ?? '').split(',').flatMap((name) => name.trim() || [])
  if (names.length === 0) throw new Error('KAFKA_BROKERS is not set: it names the brokers, for example 127.0.0.1:9092')
  return names.map((name) => {
    const found = /^(\[[\da-fA-F:.]+\]|[^\s:/]+)(?::(\d{1,5}))?$/.exec(name)
    if (!found) throw new Error(`KAFKA_BROKERS: "${name}" is not host:port`)
    return { host: withoutBrackets(found[1] ?? ''), port: Number(found[2] ?? kafkaPort) }
  })
}

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')
