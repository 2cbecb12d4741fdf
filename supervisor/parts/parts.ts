import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { labTopology } from '#contracts/lab-topology.ts'
import { markVariable } from '../process/process-group.ts'
import type { Settings } from '../settings.ts'
import { builtProcess, type Part, type PartChannel } from './part.ts'

export interface PlanInput {
  settings: Settings
  /** Folder of the checkout. */
  root: string
  /** Folder of the built files. */
  dist: string
  ports: Record<string, number>
  /** Of the database, once it is known. */
  databaseUrl: string
}

/**
 * Parts that get a port of their own. All brokers have theirs from the start, whichever the lab runs on: their addresses are
 * in the environment of every process, and a switch of brokers starts an engine but no other process.
 */
export function portNames(settings: Settings): string[] {
  const simulated = settings.brokerUrl === undefined || settings.redisBrokerUrl === undefined
  return [
    ...(simulated && settings.simulatorPort === undefined ? ['sns-sqs'] : []),
    ...(simulated && settings.simulatorRedisPort === undefined ? ['sns-sqs-redis'] : []),
    ...(settings.redisUrl === undefined ? ['redis'] : []),
    ...(settings.kafkaBrokers === undefined ? ['kafka', 'kafka-controller'] : []),
    ...(settings.databaseUrl === undefined ? ['postgres'] : []),
    ...(settings.smtpUrl === undefined ? ['mailbox'] : []),
  ]
}

/** A secret between web and the sidecars, new at each start. */
const agentToken = randomBytes(24).toString('base64url')

/** What every child gets. */
export function common(settings: Settings): NodeJS.ProcessEnv {
  return {
    ...settings.inherited,
    FAULTLINE_DATA_DIR: settings.dataFolder,
    [markVariable]: settings.dataFolder,
    LOG_LEVEL: settings.logLevel,
    NODE_ENV: 'production',
  }
}

/** How a cluster that is somebody else's is to be spoken to: nothing that the lab's own Kafka would understand. */
const clusterSecurity = /^KAFKA_(SSL|SASL)(_|$)/

/** Where each broker answers, by the names that workers, sidecars and web read. */
export function brokerAddresses({ settings, ports }: Pick<PlanInput, 'settings' | 'ports'>): Record<string, string> {
  const simulator = settings.simulatorPort ?? ports['sns-sqs'] ?? 0
  const simulatorOnRedis = settings.simulatorRedisPort ?? ports['sns-sqs-redis'] ?? 0
  return {
    AWS_ENDPOINT_URL: settings.brokerUrl ?? `http://127.0.0.1:${simulator}`,
    SNS_SQS_REDIS_ENDPOINT_URL: settings.redisBrokerUrl ?? `http://127.0.0.1:${simulatorOnRedis}`,
    KAFKA_BROKERS: settings.kafkaBrokers ?? `127.0.0.1:${ports.kafka ?? 0}`,
  }
}

export function smtpUrlOf({ settings, ports }: Pick<PlanInput, 'settings' | 'ports'>): string {
  return settings.smtpUrl ?? `smtp://127.0.0.1:${ports.mailbox ?? 0}`
}

/** What needs the database's address and is no engine: web, and one sidecar for each worker of the topology file. */
export function processParts(input: PlanInput, channel: PartChannel): { web: Part; sidecars: Part[] } {
  const { settings, dist, databaseUrl } = input
  const inherited = Object.entries(common(settings)).filter(
    ([name]) => settings.kafkaBrokers !== undefined || !clusterSecurity.test(name),
  )
  const shared = {
    ...Object.fromEntries(inherited),
    BROKER: settings.broker,
    ...brokerAddresses(input),
    AWS_REGION: settings.inherited.AWS_REGION ?? 'us-east-1',
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrlOf(input),
    // Tells web that the mails are in the lab's own mailbox.
    ...(settings.smtpUrl === undefined ? { FAULTLINE_MAILBOX_URL: smtpUrlOf(input) } : {}),
    FAULTLINE_AGENT_TOKEN: agentToken,
    FAULTLINE_GRACE_MS: String(settings.graceMs),
  }
  const web: Part = {
    name: 'web',
    command: builtProcess('web', join(dist, 'web.js')),
    env: { ...shared, PORT: String(settings.port), HOST: settings.host },
    port: settings.port,
    ready: 'line',
    ours: true,
    graceMs: 4_000,
    channel,
  }
  const sidecars = [...labTopology.producers, ...labTopology.consumers].map(({ name, replicas }): Part => {
    const own = {
      FAULTLINE_SERVICE: name,
      FAULTLINE_REPLICAS: String(replicas),
      FAULTLINE_WORKER_ENTRY: join(dist, `${name}.js`),
      FAULTLINE_WEB_URL: webUrl(settings),
    }
    return {
      name,
      command: builtProcess(name, join(dist, 'sidecar.js')),
      env: { ...shared, ...own },
      ready: 'at-once',
      ours: true,
      graceMs: settings.graceMs + 1_500,
    }
  })
  return { web, sidecars }
}

/** Where the parts of this machine reach web: an address that means "all" is no address to connect to. */
export function webUrl(settings: Settings): string {
  const host = ['0.0.0.0', '::', 'localhost'].includes(settings.host) ? '127.0.0.1' : settings.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`
}
