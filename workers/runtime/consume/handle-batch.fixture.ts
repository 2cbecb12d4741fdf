import { pino } from 'pino'
import { defaultRetryPolicy, type RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { newTraceparent } from '#contracts/events/envelope.ts'
import { userSignup } from '#contracts/events/user-signup.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CrashNote, WorkerConfig } from '#contracts/protocols/worker.ts'
import type { Broker, Delivery } from '#workers/broker/broker.ts'
import { decodeInProcess } from '../bodies/process-decoder.ts'
import { typeIndexOf } from '../bodies/type-index.ts'
import { createActivityLog } from '../process/activity-log.ts'
import { now } from '../process/clock.ts'
import { createEmitter, type Emitter } from '../publish/emitter.ts'
import { createPublisher } from '../publish/publisher.ts'
import type { Consumer } from './consumer.ts'
import { createBatchHandler } from './handle-batch.ts'

/** Makes a worker one that publishes: its broker, and what is done to its emitter. */
export interface Publishing {
  publish: Broker['publish']
  hopLimit?: number
  wrap?: (emitter: Emitter) => Emitter
}

/** A batch handler of `consumer-test`, with what it reported and logged. */
export function openBatchHandler(
  consumer: Omit<Consumer, 'group'>,
  policy: Partial<RetryPolicy> = {},
  publishing?: Publishing,
) {
  const records: TelemetryRecord[] = []
  const lines: Record<string, unknown>[] = []
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const interruption = new AbortController()
  const config: WorkerConfig = {
    revision: 1,
    eventTypes: [...builtInEventTypes],
    subscriptions: [
      {
        consumer: 'consumer-test',
        eventTypes: ['user_signup'],
        retryPolicy: { ...defaultRetryPolicy, jitter: 'none', ...policy },
        retryPolicyByType: {},
      },
    ],
  }
  const lab = { config }
  const emitter = publishing && openEmitter(publishing, records, () => lab.config)
  const crashes = new Map<string, CrashNote>()
  const handle = createBatchHandler({
    consumer: { group: 'consumer-test', ...consumer },
    instance: 'consumer-test-1',
    config: () => lab.config,
    telemetry: { write: (written) => records.push(...written) },
    log,
    activity: createActivityLog(log),
    now,
    random: () => 0.5,
    crashOf: (id) => crashes.get(id),
    emitter,
    interrupted: interruption.signal,
  })
  return { handle, records, lines, interruption, lab, crashes, emitter }
}

function openEmitter(
  { publish, hopLimit = 32, wrap = (emitter) => emitter }: Publishing,
  records: TelemetryRecord[],
  config: () => WorkerConfig,
): Emitter {
  return wrap(
    createEmitter({
      publisher: createPublisher({
        ...{ broker: { publish }, producer: 'consumer-test-1', epoch: 7, brokerName: 'redis', now },
        report: (written) => records.push(...written),
      }),
      ...{ decode: decodeInProcess, hopLimit, eventTypes: async () => typeIndexOf(config()) },
    }),
  )
}

/** A delivery of `user_signup`, numbered. */
export function delivery(
  seq: number,
  change: Partial<Delivery> & { body?: string; type?: string; version?: number } = {},
): Delivery {
  const { body = JSON.stringify(userSignup.example), type = 'user_signup', version = 1, ...rest } = change
  return {
    topic: type,
    group: 'consumer-test',
    envelope: {
      ...{ id: `producer-1:1:${type}:${seq}`, type, topic: type, version, body },
      time: new Date(0).toISOString(),
      traceparent: newTraceparent(),
    },
    raw: body,
    headers: {},
    attempt: 1,
    receiveCount: 1,
    receivedAt: now(),
    ...rest,
  }
}
