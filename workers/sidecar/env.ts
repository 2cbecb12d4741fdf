import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { brokerEnvironment, brokerSettingsOf } from '#contracts/brokers/broker-settings.ts'
import { effectKind } from '#contracts/effects/effect-kind.ts'
import { effectEnvironment, effectUrlsOf } from '#contracts/effects/effect-settings.ts'
import { flag, list, logLevel, needed, text, textOr, wholeOr, wrongVariables } from '#contracts/environment.ts'
import { isLoopback } from '#contracts/host-port.ts'
import { calledUrl } from './links/called-url.ts'

const sidecarEnvironment = z
  .object({
    FAULTLINE_SERVICE: needed('the name of the worker, for example consumer-db'),
    FAULTLINE_KIND: textOr('consumer').pipe(z.enum(['producer', 'consumer'])),
    FAULTLINE_EFFECT: text.pipe(effectKind.optional()),
    FAULTLINE_REPLICAS: wholeOr(1, 0, 16),
    FAULTLINE_WORKER_ENTRY: needed('the file that the worker runs'),
    FAULTLINE_PUBLISHES: flag,
    FAULTLINE_SHARED: flag,
    FAULTLINE_BODY: text,
    FAULTLINE_SENDS: text,
    FAULTLINE_CONCURRENCY: text,
    FAULTLINE_HOP_LIMIT: text,
    FAULTLINE_LAB: text,
    FAULTLINE_LINK_PRELOAD: text,
    FAULTLINE_WEB_URL: z.url('is needed: where the control plane answers, for example http://127.0.0.1:3000'),
    FAULTLINE_AGENT_TOKEN: needed('the secret that the control plane was started with'),
    FAULTLINE_GRACE_MS: wholeOr(10_000, 0, 600_000),
    FAULTLINE_DATA_DIR: textOr('.faultline'),
    FAULTLINE_METRICS_HOST: textOr('127.0.0.1'),
    FAULTLINE_METRICS_PORT: wholeOr(0, 0, 65_535),
    FAULTLINE_TOKEN: text,
    FAULTLINE_TRUST_NETWORK: text,
    FAULTLINE_ALLOWED_HOSTS: list,
    LOKI_URL: text.pipe(z.url('must be the address of a Loki, for example http://127.0.0.1:3100').optional()),
    BROKER: text.pipe(brokerName.optional()),
    ...brokerEnvironment,
    ...effectEnvironment,
    LOG_LEVEL: logLevel,
  })
  .transform((env) => ({
    /** `consumer-db`. */
    service: env.FAULTLINE_SERVICE,
    /** Default: consumer. */
    kind: env.FAULTLINE_KIND,
    /** Its replicas publish, and so need an epoch for each start: a producer's, and those of a consumer that sends. */
    publishes: env.FAULTLINE_KIND === 'producer' || env.FAULTLINE_PUBLISHES,
    /** Its one process hosts several services, which the control plane names. */
    isShared: env.FAULTLINE_SHARED,
    /** What the worker alone reads of its service, by the variable that says so. */
    ofWorker: Object.fromEntries(
      [
        ['FAULTLINE_BODY', env.FAULTLINE_BODY] as const,
        ['FAULTLINE_SENDS', env.FAULTLINE_SENDS] as const,
        ['FAULTLINE_CONCURRENCY', env.FAULTLINE_CONCURRENCY] as const,
        ['FAULTLINE_HOP_LIMIT', env.FAULTLINE_HOP_LIMIT] as const,
        // Whether a program receives, where it reports to, and the mark by which a later start finds what an earlier one left.
        ['FAULTLINE_KIND', env.FAULTLINE_BODY && env.FAULTLINE_KIND] as const,
        ['FAULTLINE_WEB_URL', env.FAULTLINE_BODY && env.FAULTLINE_WEB_URL] as const,
        ['FAULTLINE_LAB', env.FAULTLINE_BODY && env.FAULTLINE_LAB] as const,
      ].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ) as Record<string, string>,
    /** Replicas until the control plane says how many. Default: 1. */
    replicas: env.FAULTLINE_REPLICAS,
    workerEntry: resolve(env.FAULTLINE_WORKER_ENTRY),
    /** Loaded into the worker before its own code. Default: the built one beside this file. */
    linkPreload: resolve(
      env.FAULTLINE_LINK_PRELOAD ?? join(dirname(fileURLToPath(import.meta.url)), 'link-preload.cjs'),
    ),
    webUrl: env.FAULTLINE_WEB_URL,
    agentToken: env.FAULTLINE_AGENT_TOKEN,
    graceMs: env.FAULTLINE_GRACE_MS,
    dataDir: resolve(env.FAULTLINE_DATA_DIR),
    /** Where `/metrics` and `/healthz` answer. Port 0: any free one, which is reported to web. */
    metrics: { host: env.FAULTLINE_METRICS_HOST, port: env.FAULTLINE_METRICS_PORT },
    /** Bearer token for `/metrics`; undefined if the port needs none. */
    token: env.FAULTLINE_TOKEN,
    /** Where log lines go over OTLP; undefined: nowhere. */
    lokiUrl: env.LOKI_URL,
    trustNetwork: env.FAULTLINE_TRUST_NETWORK === '1',
    allowedHosts: env.FAULTLINE_ALLOWED_HOSTS,
    /** What the lab was started with; what it runs on now is the control plane's word. */
    givenBroker: env.BROKER,
    /** Where brokers are. */
    brokerSettings: brokerSettingsOf(env),
    /** Where its worker's effects are made, and nothing that it does not need. */
    effectUrls:
      env.FAULTLINE_KIND === 'producer' && env.FAULTLINE_BODY === undefined
        ? {}
        : env.FAULTLINE_SHARED
          ? {}
          : effectUrlsOf(env, env.FAULTLINE_EFFECT),
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
  /** What every worker inherits: the sidecar's own environment without empty variables and what is not a worker's business. */
  inherited: Record<string, string>
  /** Where a program answers that runs elsewhere; undefined if the service is not such a program, or its address cannot be read. */
  calledUrl: string | undefined
}

/**
 * Never passed on: secrets of the control plane, and what the sidecar says for each worker by itself. A planted defect is the
 * worker's own business, and the sidecar knows nothing of it.
 */
const notInherited = new RegExp(`^(FAULTLINE_(?!DEFECT)|(${Object.keys(effectEnvironment).join('|')}|NODE_OPTIONS)$)`)

/** The environment of a sidecar, read once. Throws an error whose message names each wrong variable. */
export function readSidecarEnv(source: Record<string, string | undefined>): SidecarEnv {
  const result = sidecarEnvironment.safeParse(source)
  if (!result.success) throw new Error(`the environment of this sidecar is not valid. ${wrongVariables(result.error)}`)
  const inherited = Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) =>
      value === undefined || value === '' || notInherited.test(name) ? [] : [[name, value]],
    ),
  )
  return { ...result.data, inherited, calledUrl: calledUrl(result.data.ofWorker.FAULTLINE_BODY, inherited) }
}
