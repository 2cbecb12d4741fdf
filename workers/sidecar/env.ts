import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { brokerName } from '#contracts/broker-name.ts'
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

export type SidecarEnv = z.output<typeof sidecarEnvironment> & {
  /** What every worker inherits: the sidecar's own environment without what is not a worker's business. */
  inherited: Record<string, string>
}

/** Never passed on: secrets of the control plane, and what the sidecar says anew for each worker. */
const notInherited = /^(FAULTLINE_|DATABASE_URL$|SMTP_URL$|AWS_ENDPOINT_URL$|NODE_OPTIONS$)/

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

function kindOf(service: string): 'producer' | 'consumer' {
  return labTopology.producers.some(({ name }) => name === service) ? 'producer' : 'consumer'
}
