import { setMaxListeners } from 'node:events'
import { parseIdentity } from '#contracts/events/identity.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Broker, SettledListener } from '#workers/broker/broker.ts'
import type { Consumer } from './consume/consumer.ts'
import { createBatchHandler } from './consume/handle-batch.ts'
import { suspectsAlone } from './consume/suspects-alone.ts'
import { createActivityLog } from './process/activity-log.ts'
import { now } from './process/clock.ts'
import type { Emitter } from './publish/emitter.ts'
import type { WorkerProcess } from './worker-face.ts'

export type { Consumer } from './consume/consumer.ts'

export interface RunConsumerOptions {
  process: Omit<WorkerProcess, 'onCommand'>
  broker: Pick<Broker, 'subscribe'>
  consumer: Consumer
  /** Publishes what handlers send: `openEmitter`. Without it an attempt whose handler sends something fails. */
  emitter?: Emitter
  /** Aborts when no handler can go on: what is in flight is given back at once, untouched. */
  abandoned?: AbortSignal
  /** Uniform in [0, 1); draws the jitter of retries. */
  random?: () => number
}

/** Of the grace time, what stays for settling after handlers were interrupted: a fifth, at most this. */
const settlingMs = 2_000

/**
 * The one consume loop. STARTING until the first configuration came, WAITING until the broker answers, RUNNING, then
 * DRAINING: takes no more, lets handlers finish, interrupts those that would outlast the grace time and gives their
 * messages back. Resolves when nothing is in flight any more.
 */
export async function runConsumer({
  process,
  broker,
  consumer,
  emitter,
  abandoned,
  random = Math.random,
}: RunConsumerOptions): Promise<void> {
  const { log, telemetry, env } = process
  const activity = createActivityLog(log)
  const interruption = new AbortController()
  // Every batch in flight listens to it.
  setMaxListeners(0, interruption.signal)
  abandoned?.addEventListener('abort', () => interruption.abort(abandoned.reason), { once: true })
  let stopping = false
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  let subscribing: ReturnType<Broker['subscribe']> | undefined

  process.onShutdown(async (graceMs) => {
    stopping = true
    const subscription = await subscribing
    const interrupting = setTimeout(
      () => interruption.abort(new Error('the worker is stopping')),
      graceMs - Math.min(settlingMs, graceMs / 5),
    )
    await subscription?.stop(graceMs)
    clearTimeout(interrupting)
    activity.flush()
    finish()
  })

  await process.firstConfig()
  if (stopping) return finished
  process.setState({ state: 'waiting-for-broker', detail: 'waits for the broker to answer' })
  const crashOf = (id: string) => process.crashOf(consumer.group, id)
  const handleBatch = createBatchHandler({
    consumer,
    instance: env.instance,
    config: process.config,
    telemetry,
    log,
    activity,
    now,
    random,
    crashOf,
    emitter,
    interrupted: interruption.signal,
  })
  const handle = suspectsAlone(handleBatch, crashOf)
  subscribing = broker.subscribe(consumer.group, handle, {
    ...(consumer.concurrency === undefined ? {} : { concurrency: consumer.concurrency }),
    ...(consumer.batchSize === undefined ? {} : { batchSize: consumer.batchSize }),
    onSettled: (...settled) => telemetry.write(settledRecords(consumer.group, env, ...settled)),
    onAssigned({ partitions, reason, ...assignment }) {
      const count = partitions.reduce((sum, { partitions: list }) => sum + list.length, 0)
      log.info(
        `${reason}: reads ${count} partitions of ${partitions.length} topics, generation ${assignment.generation}`,
      )
      const { group } = consumer
      telemetry.write([{ kind: 'group.assigned', group, instance: env.instance, partitions, reason, ...assignment }])
    },
    onTrouble(problem) {
      if (problem === undefined) {
        log.info(`takes messages from the queue ${consumer.group}`)
        process.setState({ state: 'running' })
      } else {
        log.warn(problem)
        process.setState({ state: 'waiting-for-broker', detail: problem })
      }
    },
  })
  const subscription = await subscribing
  process.countInHand(() => subscription.inHand())
  return finished
}

const settlements = ['acked', 'released', 'dead_lettered', 'retrying', 'fenced'] as const
const settlementOf = { ack: 'acked', release: 'released', 'dead-letter': 'dead_lettered', retry: 'retrying' } as const

/** What the broker confirmed, or refused. */
function settledRecords(
  group: string,
  { instance, broker }: Pick<WorkerProcess['env'], 'instance' | 'broker'>,
  ...[deliveries, decided, confirmed]: Parameters<SettledListener>
): TelemetryRecord[] {
  const settled = { acked: named(), released: named(), dead_lettered: named(), retrying: named(), fenced: named() }
  for (const [index, { envelope }] of deliveries.entries()) {
    const kind = decided[index]?.kind
    const answer = confirmed[index]
    if (kind === undefined || kind === 'withheld' || !answer) continue
    const entry = settled[answer === 'fenced' ? 'fenced' : settlementOf[kind]]
    if (envelope) entry.ids.push(envelope.id)
    // An event of somebody else, whose id is none of the lab's, is counted: no journey follows it.
    if (!envelope || !parseIdentity(envelope.id)) entry.unnamed += 1
  }
  const at = now()
  return settlements.flatMap((settlement) => {
    const { ids, unnamed } = settled[settlement]
    if (ids.length === 0 && unnamed === 0) return []
    return [
      { kind: 'delivery.settled', at, group, instance, settlement, ids, ...(unnamed > 0 ? { unnamed, broker } : {}) },
    ]
  })
}

const named = (): { ids: string[]; unnamed: number } => ({ ids: [], unnamed: 0 })
