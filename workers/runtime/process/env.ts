import { z } from 'zod'
import { brokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { brokerEnvironment, brokerSettingsOf } from '#contracts/brokers/broker-settings.ts'
import { defectEnvironment, plantedDefectOf } from '#contracts/defects.ts'
import { logLevel, needed, text, textOr, whole, wholeOr, wrongVariables } from '#contracts/environment.ts'
import { requireBrokerSettings } from '#workers/broker/broker-settings.ts'

const workerEnvironment = z
  .object({
    FAULTLINE_SERVICE: needed('the name of the service, for example consumer-db'),
    FAULTLINE_INSTANCE: needed('the name of the replica, for example consumer-db-1'),
    FAULTLINE_EPOCH: whole(1),
    FAULTLINE_GRACE_MS: wholeOr(10_000, 0, 600_000),
    BROKER: textOr(defaultBroker).pipe(brokerName),
    ...brokerEnvironment,
    DATABASE_URL: text,
    SMTP_URL: text,
    ...defectEnvironment,
    LOG_LEVEL: logLevel,
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
  if (!result.success) throw new Error(`the environment of this worker is not valid. ${wrongVariables(result.error)}`)
  requireBrokerSettings(result.data.brokerSettings)
  return result.data
}
