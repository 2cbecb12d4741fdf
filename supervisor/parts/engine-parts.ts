import { join } from 'node:path'
import type { EngineName } from '#contracts/engine-name.ts'
import { kafkaAnswers } from '../kafka/kafka-answers.ts'
import { kafkaUnavailable, prepareKafka } from '../kafka/kafka-server.ts'
import { untilAnswers } from '../process/answers.ts'
import { builtProcess, type Part } from '../process/part.ts'
import { requireOwnPort } from '../process/ports.ts'
import { prepareRedis, redisAnswers, redisUnavailable } from '../redis/redis-server.ts'
import type { Settings } from '../settings/settings.ts'
import { common, type PlanInput, runsEngine, smtpUrlOf } from './parts.ts'

/** An engine that this lab runs itself, before it is started: what was given by its address has no plan. */
export interface EnginePlan {
  name: EngineName
  part: Part
  readyWithinMs: number
  unavailable?: () => Promise<string | undefined>
}

type Input = Omit<PlanInput, 'lab'>

/** Where the database keeps its files, if it is this lab's own. */
export const postgresFolder = ({ dataFolder }: Settings): string => join(dataFolder, 'postgres')

/** The engines of a lab; they are stopped in the reverse order. */
export function enginePlans(input: Input): EnginePlan[] {
  const { settings } = input
  return [
    ...(settings.databaseUrl === undefined ? [postgres(input)] : []),
    ...(settings.redisUrl === undefined ? [redis(input)] : []),
    ...(runsEngine(settings, 'kafka') ? [kafka(input)] : []),
    ...(runsEngine(settings, 'sns-sqs') ? [simulator(input)] : []),
    ...(settings.smtpUrl === undefined ? [mailbox(input)] : []),
  ]
}

/** Reading a million messages back makes so many objects that small nurseries cost more than the reading. */
const manyObjects = ['--min-semi-space-size=64', '--max-semi-space-size=128']

function simulator({ settings, dist, ports }: Input): EnginePlan {
  const port = settings.simulatorPort ?? ports['sns-sqs'] ?? 0
  const redisUrl = settings.redisUrl ?? `redis://127.0.0.1:${ports.redis ?? 0}`
  const env = {
    SNS_SQS_PORT: String(port),
    SNS_SQS_HOST: '127.0.0.1',
    SNS_SQS_DATA_DIR: join(settings.dataFolder, 'sns-sqs'),
    // Known before Redis is started: that listener says that Redis is away until it is there.
    SNS_SQS_REDIS_PORT: String(settings.simulatorRedisPort ?? ports['sns-sqs-redis'] ?? 0),
    REDIS_URL: redisUrl,
    // The lab makes a queue again as soon as its consumer comes back: it does not wait the minute that AWS asks for.
    SNS_SQS_RECREATE_AFTER: '0',
  }
  const part: Part = {
    name: 'sns-sqs',
    command: builtProcess('sns-sqs', join(dist, 'sns-sqs.js'), manyObjects),
    env: { ...common(settings), ...env },
    port,
    ready: 'line',
    ours: true,
    graceMs: 3_000,
  }
  return { name: 'sns-sqs', part, readyWithinMs: 60_000 }
}

function postgres({ settings, dist, ports, databaseUrl }: Input): EnginePlan {
  const port = ports.postgres ?? 0
  const env = {
    POSTGRES_DATA_DIR: postgresFolder(settings),
    POSTGRES_PORT: String(port),
    POSTGRES_PASSWORD: new URL(databaseUrl).password,
  }
  const part: Part = {
    name: 'postgres',
    command: builtProcess('postgres', join(dist, 'postgres.js')),
    env: { ...common(settings), ...env },
    port,
    ready: 'line',
    ours: true,
    graceMs: 8_000,
  }
  return { name: 'postgres', part, readyWithinMs: 60_000 }
}

function redis({ settings, ports }: Input): EnginePlan {
  const port = ports.redis ?? 0
  const env = settings.inherited
  const part: Part = {
    name: 'redis',
    command: async () => {
      await requireOwnPort(port, 'redis')
      return prepareRedis({ folder: join(settings.dataFolder, 'redis'), port, env })
    },
    env: common(settings),
    port,
    ready: (signal) => untilAnswers(() => redisAnswers(port), signal),
    ours: false,
    graceMs: 5_000,
  }
  return { name: 'redis', part, readyWithinMs: 60_000, unavailable: () => redisUnavailable(env) }
}

function kafka({ settings, root, ports }: Input): EnginePlan {
  const port = ports.kafka ?? 0
  const controllerPort = ports['kafka-controller'] ?? 0
  const env = settings.inherited
  const folder = join(settings.dataFolder, 'kafka')
  const part: Part = {
    name: 'kafka',
    command: async (progress, signal) => {
      await requireOwnPort(port, 'kafka')
      await requireOwnPort(controllerPort, "kafka's controller")
      return prepareKafka({ root, folder, port, controllerPort, env, progress, signal })
    },
    env: common(settings),
    port,
    ready: (signal) => untilAnswers(() => kafkaAnswers(port), signal),
    ours: false,
    graceMs: 10_000,
  }
  return { name: 'kafka', part, readyWithinMs: 120_000, unavailable: () => kafkaUnavailable(root, env) }
}

/** It keeps its mails in the database; while that is away it asks senders to come again. */
function mailbox(input: Input): EnginePlan {
  const { settings, dist, ports, databaseUrl } = input
  const port = Number(new URL(smtpUrlOf(input)).port)
  const part: Part = {
    name: 'mailbox',
    command: builtProcess('mailbox', join(dist, 'mailbox.js')),
    env: { ...common(settings), SMTP_PORT: String(port), HOST: '127.0.0.1', DATABASE_URL: databaseUrl },
    port: ports.mailbox ?? port,
    ready: 'line',
    ours: true,
    graceMs: 3_000,
  }
  return { name: 'mailbox', part, readyWithinMs: 20_000 }
}
