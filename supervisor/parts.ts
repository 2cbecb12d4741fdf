import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { labTopology } from '#contracts/lab-topology.ts'
import { markVariable } from './process-group.ts'
import type { Settings } from './settings.ts'

/** A child of the supervisor, as data. */
export interface Part {
  name: string
  /** Built file that runs. */
  entry: string
  env: NodeJS.ProcessEnv
  /** Port it listens on, kept over restarts. */
  port?: number
  /** Whether its own ready line, or that of none, makes it ready. */
  announces: boolean
  /** How long it may take to stop, in milliseconds. */
  graceMs: number
}

/** Parts that are started together; a stage begins when the one before it is ready. Stopped in the reverse order. */
export interface Plan {
  engines: Part[]
  mailbox: Part[]
  web: Part[]
  sidecars: Part[]
}

export interface PlanInput {
  settings: Settings
  /** Folder of the built files. */
  dist: string
  ports: Record<string, number>
  /** Of the database, once it is known. */
  databaseUrl: string
}

/** Parts that get a port of their own. */
export function portNames(settings: Settings): string[] {
  return [
    ...(settings.brokerUrl === undefined && settings.simulatorPort === undefined ? ['sns-sqs'] : []),
    ...(settings.databaseUrl === undefined ? ['postgres'] : []),
    ...(settings.smtpUrl === undefined ? ['mailbox'] : []),
  ]
}

/** A secret between web and the sidecars, new at each start. */
const agentToken = randomBytes(24).toString('base64url')

function common(settings: Settings): NodeJS.ProcessEnv {
  return {
    ...settings.inherited,
    FAULTLINE_DATA_DIR: settings.dataFolder,
    [markVariable]: settings.dataFolder,
    LOG_LEVEL: settings.logLevel,
    NODE_ENV: 'production',
  }
}

export function brokerUrlOf({ settings, ports }: Pick<PlanInput, 'settings' | 'ports'>): string {
  return settings.brokerUrl ?? `http://127.0.0.1:${settings.simulatorPort ?? ports['sns-sqs'] ?? 0}`
}

export function simulatorPart({ settings, dist, ports }: Omit<PlanInput, 'databaseUrl'>): Part[] {
  if (settings.brokerUrl !== undefined) return []
  const port = settings.simulatorPort ?? ports['sns-sqs'] ?? 0
  const env = {
    SNS_SQS_PORT: String(port),
    SNS_SQS_HOST: '127.0.0.1',
    SNS_SQS_DATA_DIR: join(settings.dataFolder, 'sns-sqs'),
  }
  return [
    {
      name: 'sns-sqs',
      entry: join(dist, 'sns-sqs.js'),
      env: { ...common(settings), ...env },
      port,
      announces: true,
      graceMs: 3_000,
    },
  ]
}

export function postgresPart({ settings, dist, ports }: Omit<PlanInput, 'databaseUrl'>): Part[] {
  if (settings.databaseUrl !== undefined) return []
  const port = ports.postgres ?? 0
  const env = { POSTGRES_DATA_DIR: join(settings.dataFolder, 'postgres'), POSTGRES_PORT: String(port) }
  return [
    {
      name: 'postgres',
      entry: join(dist, 'postgres.js'),
      env: { ...common(settings), ...env },
      port,
      announces: true,
      graceMs: 8_000,
    },
  ]
}

/** Everything that needs the database's address: mailbox, web, and one sidecar for each worker of the topology file. */
export function otherParts(input: PlanInput): Omit<Plan, 'engines'> {
  const { settings, dist, ports, databaseUrl } = input
  const smtpUrl = settings.smtpUrl ?? `smtp://127.0.0.1:${ports.mailbox ?? 0}`
  const shared = {
    ...common(settings),
    BROKER: settings.broker,
    AWS_ENDPOINT_URL: brokerUrlOf(input),
    AWS_REGION: settings.inherited.AWS_REGION ?? 'us-east-1',
    AWS_ACCESS_KEY_ID: settings.inherited.AWS_ACCESS_KEY_ID ?? 'faultline',
    AWS_SECRET_ACCESS_KEY: settings.inherited.AWS_SECRET_ACCESS_KEY ?? 'faultline',
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    FAULTLINE_AGENT_TOKEN: agentToken,
    FAULTLINE_GRACE_MS: String(settings.graceMs),
  }
  const mailbox: Part = {
    name: 'mailbox',
    entry: join(dist, 'mailbox.js'),
    env: { ...common(settings), SMTP_PORT: String(ports.mailbox ?? 0), HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
    ...(ports.mailbox === undefined ? {} : { port: ports.mailbox }),
    announces: true,
    graceMs: 3_000,
  }
  const web: Part = {
    name: 'web',
    entry: join(dist, 'web.js'),
    env: { ...shared, PORT: String(settings.port), HOST: settings.host },
    port: settings.port,
    announces: true,
    graceMs: 4_000,
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
      entry: join(dist, 'sidecar.js'),
      env: { ...shared, ...own },
      announces: false,
      graceMs: settings.graceMs + 1_500,
    }
  })
  return { mailbox: settings.smtpUrl === undefined ? [mailbox] : [], web: [web], sidecars }
}

/** Where the parts of this machine reach web: an address that means "all" is no address to connect to. */
export function webUrl(settings: Settings): string {
  const host = ['0.0.0.0', '::', 'localhost'].includes(settings.host) ? '127.0.0.1' : settings.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`
}
