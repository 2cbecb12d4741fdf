import { z } from 'zod'
import { brokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { brokerEnvironment, brokerSettingsOf } from '#contracts/brokers/broker-settings.ts'
import { defectEnvironment, plantedDefectOf } from '#contracts/defects.ts'
import { list, logLevel, needed, text, textOr, whole, wholeOr, wrongVariables } from '#contracts/environment.ts'
import { serviceBody } from '#contracts/lab-declaration.ts'
import { requireBrokerSettings } from '#workers/broker/broker-settings.ts'

const workerEnvironment = z
  .object({
    FAULTLINE_SERVICE: needed('the name of the service, for example consumer-db'),
    FAULTLINE_INSTANCE: needed('the name of the replica, for example consumer-db-1'),
    FAULTLINE_EPOCH: whole(1),
    FAULTLINE_BODY: text.transform((json, context) => {
      if (json === undefined) return undefined
      try {
        return serviceBody.parse(JSON.parse(json))
      } catch (error) {
        const reason = error instanceof z.ZodError ? wrongVariables(error) : 'it is not JSON'
        context.addIssue({ code: 'custom', message: `must be what a service is made of, as JSON: ${reason}` })
        return z.NEVER
      }
    }),
    FAULTLINE_SENDS: list,
    FAULTLINE_CONCURRENCY: whole(1, 64),
    FAULTLINE_HOP_LIMIT: wholeOr(32, 1, 1_000),
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
    /** Granted by the control plane to every process that publishes; undefined for others. */
    epoch: env.FAULTLINE_EPOCH,
    /** What a program, a foreign or a simulated service is made of; undefined for the lab's own workers. */
    body: env.FAULTLINE_BODY,
    /** Event types that the service says it publishes. */
    sends: env.FAULTLINE_SENDS,
    /** Messages in flight at a time; undefined: the consumer's own. */
    concurrency: env.FAULTLINE_CONCURRENCY,
    /** Events that may follow one another from cause to effect. */
    hopLimit: env.FAULTLINE_HOP_LIMIT,
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

/** The environment that a worker gets from its sidecar at its start. */
export type WorkerEnv = z.output<typeof workerEnvironment>

/** The environment of a worker, read once. Throws an error whose message names each wrong variable. */
export function readWorkerEnv(source: Record<string, string | undefined>): WorkerEnv {
  const result = workerEnvironment.safeParse(source)
  if (!result.success) throw new Error(`the environment of this worker is not valid. ${wrongVariables(result.error)}`)
  requireBrokerSettings(result.data.brokerSettings)
  return result.data
}

/** As `readWorkerEnv` of this process's environment; says what is wrong and exits with 2 if it is. */
export function readWorkerEnvOrExit(): WorkerEnv {
  try {
    return readWorkerEnv(process.env)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(2)
  }
}
