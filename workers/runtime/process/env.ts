import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { defectEnvironment, plantedDefectOf } from '#contracts/defects.ts'
import { brokerEnvironment, brokerSettingsOf, requireKafkaSettings } from '#workers/broker/broker-settings.ts'

/** An empty variable is an absent one, as in a shell's `NAME= command`. */
const text = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional())
const withDefault = (fallback: string) => text.transform((value) => value ?? fallback)

const workerEnvironment = z
  .object({
    FAULTLINE_SERVICE: z.string().min(1, 'is needed: the name of the service, for example consumer-db'),
    FAULTLINE_INSTANCE: z.string().min(1, 'is needed: the name of the replica, for example consumer-db-1'),
    FAULTLINE_EPOCH: z.preprocess(
      (value) => (value === '' ? undefined : value),
      z.coerce.number().int().min(1).optional(),
    ),
    FAULTLINE_GRACE_MS: z.preprocess(
      (value) => (value === '' ? undefined : value),
      z.coerce.number().int().min(0).max(600_000).default(10_000),
    ),
    BROKER: withDefault('local').pipe(brokerName),
    ...brokerEnvironment,
    DATABASE_URL: text,
    SMTP_URL: text,
    ...defectEnvironment,
    LOG_LEVEL: withDefault('info').pipe(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])),
  })
  .transform((env) => ({
    /** `consumer-db`; also the name of its group. */
    service: env.FAULTLINE_SERVICE,
    /** `consumer-db-1`. */
    instance: env.FAULTLINE_INSTANCE,
    /** Granted by the control plane to producers; undefined for consumers. */
    epoch: env.FAULTLINE_EPOCH,
    /** Milliseconds that a shutdown may take. */
    graceMs: env.FAULTLINE_GRACE_MS,
    broker: env.BROKER,
    /** Where brokers are: what `brokerOptionsOf` reads. */
    brokerSettings: brokerSettingsOf(env),
    databaseUrl: env.DATABASE_URL,
    smtpUrl: env.SMTP_URL,
    /** A mistake that somebody in this lab makes on purpose; undefined in every lab that was not started for one. */
    planted: plantedDefectOf(env),
    logLevel: env.LOG_LEVEL,
  }))

/** What a worker's sidecar tells it at its start. */
export type WorkerEnv = z.output<typeof workerEnvironment>

/** The environment of a worker, read once. Throws an error whose message names each wrong variable. */
export function readWorkerEnv(source: Record<string, string | undefined>): WorkerEnv {
  const result = workerEnvironment.safeParse(source)
  if (result.success) {
    requireKafkaSettings(result.data.brokerSettings)
    return result.data
  }
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`the environment of this worker is not valid. ${lines.join('; ')}`)
}
