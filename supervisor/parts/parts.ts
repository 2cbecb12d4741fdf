import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { brokers } from '#contracts/brokers/broker-list.ts'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { EngineName } from '#contracts/engine-name.ts'
import {
  type DeclaredWorker,
  isShared,
  sharedWorker,
  sidecarEnvironmentOf,
  workerEntryOf,
  workersOf,
} from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { builtProcess, type Part, type PartChannel } from '../process/part.ts'
import { labMarkVariable } from '../process/process-group.ts'
import type { Settings } from '../settings/settings.ts'
import { givesMemoryBack } from './malloc.ts'

export interface PlanInput {
  /** The declared lab. */
  lab: LabDeclaration
  settings: Settings
  /** Folder of the checkout. */
  root: string
  /** Folder of the built files. */
  dist: string
  ports: Record<string, number>
  /** Of the database, which need not run yet. */
  databaseUrl: string
}

/**
 * Parts that get a port of their own. All brokers have theirs from the start, whichever the lab runs on: their addresses are
 * in the environment of every process, and a switch of brokers starts an engine but no other process.
 */
export function portNames(settings: Settings): string[] {
  const simulated = runsEngine(settings, 'sns-sqs')
  return [
    ...(simulated && settings.simulatorPort === undefined ? ['sns-sqs'] : []),
    ...(simulated && settings.simulatorRedisPort === undefined ? ['sns-sqs-redis'] : []),
    ...(settings.redisUrl === undefined ? ['redis'] : []),
    ...(runsEngine(settings, 'kafka') ? ['kafka', 'kafka-controller'] : []),
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
    [labMarkVariable]: settings.dataFolder,
    LOG_LEVEL: settings.logLevel,
    NODE_ENV: 'production',
  }
}

/** Whether an engine is this lab's own for some broker: of that, no address was given. */
export const runsEngine = ({ brokerAddresses: given }: Settings, engine: EngineName): boolean =>
  brokers.some(({ name, engines }) => given[name] === undefined && ofEngines(engines).includes(engine))

/** Engines that the lab starts for a broker: none where its address was given. */
export function ownEnginesOf(broker: BrokerName, { brokerAddresses: given }: Settings): readonly EngineName[] {
  return given[broker] === undefined ? ofEngines(brokerOf(broker).engines) : []
}
const ofEngines = (engines: readonly EngineName[]): readonly EngineName[] => engines

/** Where each broker answers, by the names that workers, sidecars and web read. One that nobody runs is not named. */
export function brokerAddresses({ settings, ports }: Pick<PlanInput, 'settings' | 'ports'>): Record<string, string> {
  const known: Record<string, number | undefined> = {
    ...ports,
    ...(settings.simulatorPort === undefined ? {} : { 'sns-sqs': settings.simulatorPort }),
    ...(settings.simulatorRedisPort === undefined ? {} : { 'sns-sqs-redis': settings.simulatorRedisPort }),
  }
  return Object.fromEntries(
    brokers.flatMap(({ name, address: { variable, own } }) => {
      const address = settings.brokerAddresses[name] ?? own?.at(known[own.port] ?? 0)
      return address === undefined ? [] : [[variable, address]]
    }),
  )
}

/** Variables about a broker of somebody else's: nothing that the lab's own would understand. */
const foreignOnly = ({ brokerAddresses: given }: Settings): readonly string[] =>
  brokers.flatMap(({ name, address: { own } }) => (given[name] === undefined ? (own?.without ?? []) : []))

export function smtpUrlOf({ settings, ports }: Pick<PlanInput, 'settings' | 'ports'>): string {
  return settings.smtpUrl ?? `smtp://127.0.0.1:${ports.mailbox ?? 0}`
}

/** What needs the database's address and is no engine: web, one sidecar for each worker of the declared lab, and one for all that share a process. */
export function processParts(input: PlanInput, channel: PartChannel): { web: Part; sidecars: Part[] } {
  const { lab, settings, dist } = input
  const web: Part = {
    name: 'web',
    command: builtProcess('web', join(dist, 'web.js')),
    env: {
      ...givesMemoryBack,
      ...sharedBy(input),
      ...{ PORT: String(settings.port), HOST: settings.host, FAULTLINE_LAB: lab.file },
    },
    port: settings.port,
    ready: 'line',
    ours: true,
    graceMs: 4_000,
    channel,
  }
  const workers = workersOf(lab)
  const own = workers.filter((worker) => !isShared(worker))
  const sharing = workers.length > own.length ? [sharedWorker(lab.hopLimit)] : []
  return { web, sidecars: [...own, ...sharing].map((worker) => sidecarPart(worker, input)) }
}

/** The environment of web and of sidecars. */
function sharedBy(input: Omit<PlanInput, 'lab'>): NodeJS.ProcessEnv {
  const { settings, databaseUrl } = input
  const unwanted = foreignOnly(settings)
  const inherited = Object.entries(common(settings)).filter(([name]) => !unwanted.includes(name))
  return {
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
}

export function sidecarPart(worker: DeclaredWorker, input: Omit<PlanInput, 'lab'>): Part {
  const { settings, dist } = input
  const { name } = worker
  const own = {
    ...sidecarEnvironmentOf(worker),
    FAULTLINE_WORKER_ENTRY: join(dist, `${workerEntryOf(worker)}.js`),
    FAULTLINE_WEB_URL: webUrl(settings),
  }
  return {
    name,
    command: builtProcess(name, join(dist, 'sidecar.js')),
    env: { ...sharedBy(input), ...own },
    ready: 'at-once',
    ours: true,
    graceMs: settings.graceMs + 1_500,
  }
}

/** Where the parts of this machine reach web: an address that means "all" is not an address to connect to. */
export function webUrl(settings: Settings): string {
  const host = ['0.0.0.0', '::', 'localhost'].includes(settings.host) ? '127.0.0.1' : settings.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${settings.port}`
}
