import { isIP } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { labTopology } from '#contracts/lab-topology.ts'

/** An empty variable is an absent one, as in a shell's `NAME= command`. */
const text = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional())
const withDefault = (fallback: string) => text.transform((value) => value ?? fallback)
const count = (fallback: number, max: number) =>
  z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).max(max).default(fallback))

const sidecarEnvironment = z
  .object({
    FAULTLINE_SERVICE: z.string().min(1, 'is needed: the name of the worker, for example consumer-db'),
    FAULTLINE_KIND: text.pipe(z.enum(['producer', 'consumer']).optional()),
    FAULTLINE_REPLICAS: z.preprocess(
      (value) => (value === '' ? undefined : value),
      z.coerce.number().int().min(0).max(16).optional(),
    ),
    FAULTLINE_WORKER_ENTRY: z.string().min(1, 'is needed: the file that the worker runs'),
    FAULTLINE_LINK_PRELOAD: text,
    FAULTLINE_WEB_URL: z.url('is needed: where the control plane answers, for example http://127.0.0.1:3000'),
    FAULTLINE_AGENT_TOKEN: z.string().min(1, 'is needed: the secret that the control plane was started with'),
    FAULTLINE_GRACE_MS: count(10_000, 600_000),
    FAULTLINE_DATA_DIR: withDefault('.faultline'),
    FAULTLINE_METRICS_HOST: withDefault('127.0.0.1'),
    FAULTLINE_METRICS_PORT: count(0, 65_535),
    FAULTLINE_TOKEN: text,
    FAULTLINE_TRUST_NETWORK: text,
    FAULTLINE_ALLOWED_HOSTS: withDefault(''),
    LOKI_URL: text.pipe(z.url('must be the address of a Loki, for example http://127.0.0.1:3100').optional()),
    BROKER: text.pipe(brokerName.optional()),
    AWS_ENDPOINT_URL: text,
    SNS_SQS_REDIS_ENDPOINT_URL: text,
    KAFKA_BROKERS: text,
    AWS_REGION: withDefault('us-east-1'),
    DATABASE_URL: text,
    SMTP_URL: text,
    LOG_LEVEL: withDefault('info').pipe(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])),
  })
  .transform((env) => ({
    /** `consumer-db`. */
    service: env.FAULTLINE_SERVICE,
    /** A producer's replicas need an epoch for each start. Default: as the topology file says. */
    kind: env.FAULTLINE_KIND ?? kindOf(env.FAULTLINE_SERVICE),
    /** Default: as the topology file says, else 1. */
    replicas: env.FAULTLINE_REPLICAS ?? replicasOf(env.FAULTLINE_SERVICE),
    workerEntry: resolve(env.FAULTLINE_WORKER_ENTRY),
    /** Loaded into the worker before its own code. Default: the built one beside this file. */
    linkPreload: resolve(
      env.FAULTLINE_LINK_PRELOAD ?? join(dirname(fileURLToPath(import.meta.url)), 'link-preload.cjs'),
    ),
    webUrl: env.FAULTLINE_WEB_URL,
    agentToken: env.FAULTLINE_AGENT_TOKEN,
    graceMs: env.FAULTLINE_GRACE_MS,
    dataDir: resolve(env.FAULTLINE_DATA_DIR),
    /** Where `/metrics` and `/healthz` answer. Port 0: any free one, which web is told. */
    metrics: { host: env.FAULTLINE_METRICS_HOST, port: env.FAULTLINE_METRICS_PORT },
    /** Bearer token for `/metrics`; undefined where the port needs none. */
    token: env.FAULTLINE_TOKEN,
    /** Where log lines go over OTLP; undefined: nowhere. */
    lokiUrl: env.LOKI_URL,
    trustNetwork: env.FAULTLINE_TRUST_NETWORK === '1',
    allowedHosts: env.FAULTLINE_ALLOWED_HOSTS.split(',')
      .map((host) => host.trim())
      .filter((host) => host !== ''),
    /** What the lab was started with; what it runs on now is the control plane's word. */
    givenBroker: env.BROKER,
    awsEndpointUrl: env.AWS_ENDPOINT_URL,
    awsRegion: env.AWS_REGION,
    redisEndpointUrl: env.SNS_SQS_REDIS_ENDPOINT_URL,
    kafkaBrokers: env.KAFKA_BROKERS,
    databaseUrl: env.DATABASE_URL,
    smtpUrl: env.SMTP_URL,
    logLevel: env.LOG_LEVEL,
  }))
  .superRefine((env, context) => {
    if (isLoopback(env.metrics.host) || env.token !== undefined || env.trustNetwork) return
    context.addIssue({
      code: 'custom',
      path: ['FAULTLINE_METRICS_HOST'],
      message:
        `${env.metrics.host} can be reached from other machines: set FAULTLINE_TOKEN to a secret, ` +
        'or FAULTLINE_TRUST_NETWORK=1 where something else guards the port',
    })
  })

export type SidecarEnv = z.output<typeof sidecarEnvironment> & {
  /** What every worker inherits: the sidecar's own environment without what is not a worker's business. */
  inherited: Record<string, string>
}

/**
 * Never passed on: secrets of the control plane, and what the sidecar says anew for each worker. A planted defect is the worker's
 * own business, and the sidecar knows nothing of it.
 */
const notInherited = /^(FAULTLINE_(?!DEFECT)|DATABASE_URL$|SMTP_URL$|AWS_ENDPOINT_URL$|NODE_OPTIONS$)/

/** The environment of a sidecar, read once. Throws an error whose message names each wrong variable. */
export function readSidecarEnv(source: Record<string, string | undefined>): SidecarEnv {
  const result = sidecarEnvironment.safeParse(source)
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the environment of this sidecar is not valid. ${lines.join('; ')}`)
  }
  const inherited = Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) =>
      value === undefined || notInherited.test(name) ? [] : [[name, value]],
    ),
  )
  return { ...result.data, inherited }
}

function replicasOf(service: string): number {
  return [...labTopology.producers, ...labTopology.consumers].find(({ name }) => name === service)?.replicas ?? 1
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function kindOf(service: string): 'producer' | 'consumer' {
  return labTopology.producers.some(({ name }) => name === service) ? 'producer' : 'consumer'
}
