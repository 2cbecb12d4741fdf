import { resolve } from 'node:path'
import { z } from 'zod'
import type { MailDestination } from '#contracts/api/outbox.ts'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { brokerEnvironment, brokerSettingsOf } from '#contracts/brokers/broker-settings.ts'
import { defectEnvironment, plantedDefectOf } from '#contracts/defects.ts'
import { list, logLevel, text, textOr, wholeOr, wrongVariables } from '#contracts/environment.ts'
import { isLoopback } from '#contracts/host-port.ts'
import { requireBrokerSettings } from '#workers/broker/broker-settings.ts'

const needed = (what: string, length = 1) => z.string({ error: `is missing: ${what}` }).min(length, `must be ${what}`)

const webEnvironment = z
  .object({
    PORT: wholeOr(3000, 0, 65_535),
    HOST: textOr('127.0.0.1'),
    BROKER: text.pipe(brokerName.optional()),
    ...brokerEnvironment,
    DATABASE_URL: needed('the URL of PostgreSQL, postgres://…'),
    SMTP_URL: needed('the URL of the mailbox, smtp://host:port'),
    FAULTLINE_MAILBOX_URL: text,
    FAULTLINE_AGENT_TOKEN: needed('a secret of at least 16 characters; the supervisor makes one', 16),
    FAULTLINE_TOKEN: text,
    FAULTLINE_TRUST_NETWORK: text,
    FAULTLINE_ALLOWED_HOSTS: list,
    LOKI_URL: text.pipe(z.url('must be the address of a Loki, for example http://127.0.0.1:3100').optional()),
    OTEL_EXPORTER_OTLP_ENDPOINT: text.pipe(
      z.url('must be the address of an OTLP receiver, for example http://127.0.0.1:4318').optional(),
    ),
    FAULTLINE_LAB: text,
    FAULTLINE_DATA_DIR: textOr('.faultline'),
    FAULTLINE_HISTORY_SECONDS: wholeOr(3_600, 0, 86_400),
    FAULTLINE_HISTORY_BYTES: wholeOr(536_870_912, 33_554_432, Number.MAX_SAFE_INTEGER),
    FAULTLINE_GRACE_MS: wholeOr(10_000, 0, Number.MAX_SAFE_INTEGER),
    LOG_LEVEL: logLevel,
    NODE_ENV: textOr('production'),
    ...defectEnvironment,
  })
  .transform((env) => ({
    port: env.PORT,
    host: env.HOST,
    /** What the lab was started with; what it runs on now is in the data folder. */
    givenBroker: env.BROKER,
    /** Where brokers are: what `brokerOptionsOf` reads. */
    brokerSettings: brokerSettingsOf(env),
    databaseUrl: env.DATABASE_URL,
    smtpUrl: env.SMTP_URL,
    mailDestination: destinationOf(env.SMTP_URL, env.FAULTLINE_MAILBOX_URL),
    agentToken: env.FAULTLINE_AGENT_TOKEN,
    /** Bearer token of API and viewers; undefined if the port needs none. */
    token: env.FAULTLINE_TOKEN,
    /** Where log lines and traces go over OTLP; undefined: nowhere. */
    lokiUrl: env.LOKI_URL,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    trustNetwork: env.FAULTLINE_TRUST_NETWORK === '1',
    allowedHosts: env.FAULTLINE_ALLOWED_HOSTS,
    /** The lab file; undefined: the built-in one. Absolute. */
    labFile: env.FAULTLINE_LAB === undefined ? undefined : resolve(env.FAULTLINE_LAB),
    dataDir: resolve(env.FAULTLINE_DATA_DIR),
    /** How long moments of the lab are kept to be looked at again, 0 for none, and how many bytes of disk they take at most. */
    history: { seconds: env.FAULTLINE_HISTORY_SECONDS, maxBytes: env.FAULTLINE_HISTORY_BYTES },
    graceMs: env.FAULTLINE_GRACE_MS,
    logLevel: env.LOG_LEVEL,
    /** A mistake that a process of this lab makes on purpose; undefined in every lab that was not started for one. */
    planted: plantedDefectOf(env),
    development: env.NODE_ENV === 'development',
  }))
  .superRefine((env, context) => {
    if (isLoopback(env.host) || env.token !== undefined || env.trustNetwork) return
    context.addIssue({
      code: 'custom',
      path: ['HOST'],
      message:
        `${env.host} can be reached from other machines: set FAULTLINE_TOKEN to a secret, ` +
        'or FAULTLINE_TRUST_NETWORK=1 where something else guards the port',
    })
  })
export type WebEnv = z.output<typeof webEnvironment>

/** The lab's own mailbox is the one whose address the environment names as such. */
function destinationOf(smtpUrl: string, mailboxUrl: string | undefined): MailDestination {
  const server = URL.canParse(smtpUrl) ? new URL(smtpUrl).host : 'an address that cannot be read'
  const own = mailboxUrl !== undefined && URL.canParse(mailboxUrl) && new URL(mailboxUrl).host === server
  return { kind: own ? 'mailbox' : 'elsewhere', server }
}

/**
 * The environment of the web process, read once. Throws an error whose message is a sentence per wrong variable.
 */
export function readWebEnv(source: Record<string, string | undefined>): WebEnv {
  const result = webEnvironment.safeParse(source)
  if (!result.success) throw new Error(`the environment of web is not valid. ${wrongVariables(result.error)}`)
  requireBrokerSettings(result.data.brokerSettings)
  return result.data
}
