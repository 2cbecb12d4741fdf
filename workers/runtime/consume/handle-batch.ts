import type { Logger } from 'pino'
import { defaultRetryPolicy, policyFor, type RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { type Envelope, traceIdOf } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { CrashNote, WorkerConfig } from '#contracts/protocols/worker.ts'
import type { Delivery, DeliveryHandler, Settlement } from '#workers/broker/broker.ts'
import { Undecodable } from '../bodies/decode.ts'
import { decodeInProcess } from '../bodies/process-decoder.ts'
import { typeIndexOf } from '../bodies/type-index.ts'
import type { ActivityLog } from '../process/activity-log.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { Telemetry } from '../process/telemetry.ts'
import type { CausedEvent } from '../publish/caused-event.ts'
import type { EmissionRun } from '../publish/emission-run.ts'
import type { Emitter } from '../publish/emitter.ts'
import { type AttemptResult, type PendingEvent, runAttempts } from './attempt.ts'
import type { Consumer } from './consumer.ts'
import { decideAfterError } from './decide.ts'
import { emitSent } from './emit-sent.ts'
import { type AfterCrash, afterCrash } from './process-crashed.ts'

export interface HandleBatchDeps {
  consumer: Consumer
  instance: string
  /** The configuration in effect: read once per batch, so that a change holds for the next. */
  config: () => WorkerConfig | undefined
  telemetry: Telemetry
  log: Logger
  activity: ActivityLog
  /** Epoch milliseconds with a fraction. */
  now: () => number
  /** Uniform in [0, 1). */
  random: () => number
  /** What is known of a message that ended a process while it was in flight. Default: nothing of any. */
  crashOf?: ((id: string) => CrashNote | undefined) | undefined
  /** Publishes what handlers send. Absent if the worker publishes nothing. */
  emitter?: Pick<Emitter, 'begin'> | undefined
  /** Aborts when a shutdown can wait for handlers no longer. */
  interrupted: AbortSignal
}

type PolicyOf = (type: string) => RetryPolicy

/** A delivery on its way through one attempt. */
interface Step {
  delivery: Delivery
  /** The message's identity; bytes that are not an event have none, and no telemetry names them. */
  envelope: Envelope | undefined
  event?: PendingEvent
  startedAt: number
  done?: string
  /** Called before the attempt ended. */
  acted?: Effect
  /** What the handler wants published. */
  sends: CausedEvent[]
  emissions?: EmissionRun | undefined
  reported?: string
  result?: AttemptResult
  settlement: Settlement
}

/**
 * Handles a batch: decode → report the start → run the handlers → publish what they
 * sent → decide → report the end. The start is on the pipe before
 * a handler runs and the end before the broker gets the settlement, so that a SIGKILL at any point leaves evidence of how far it came.
 * Types that the group no longer takes are handled like any other: their messages are owed.
 */
export function createBatchHandler(deps: HandleBatchDeps): DeliveryHandler {
  const { consumer, instance, telemetry, now } = deps
  const { group } = consumer

  async function begin(
    { delivery, end }: AfterCrash,
    eventTypes: Map<string, EventTypeDefinition>,
    policyOf: PolicyOf,
  ): Promise<Step> {
    const { envelope } = delivery
    const step: Step = { delivery, envelope, startedAt: now(), sends: [], settlement: { kind: 'ack' } }
    if (!envelope) return refuse(step, new Undecodable('the bytes are not an event: they carry no CloudEvents headers'))
    if (end) {
      step.result = { outcome: 'error', error: end.error, endedAt: now() }
      step.settlement = end
      return step
    }
    const eventType = eventTypes.get(envelope.type)
    try {
      step.event = {
        id: envelope.id,
        type: envelope.type,
        data: await decodeInProcess(envelope, delivery.bytes, eventType),
        envelope,
        attempt: delivery.attempt,
        receiveCount: delivery.receiveCount,
        log: logOf(envelope, delivery),
        say(done) {
          step.done = done
        },
        acted(effect) {
          step.acted = effect
        },
        send(caused) {
          step.sends.push(caused)
        },
        reported(ref) {
          step.reported = ref
        },
        ...(eventType === undefined ? {} : { eventType }),
      }
      const { attempt, receiveCount } = delivery
      step.emissions = deps.emitter?.begin({ envelope, group, attempt, receiveCount })
    } catch (error) {
      if (error instanceof Undecodable) return refuse(step, error)
      // A check that took too long may not the next time: an attempt like any other.
      step.result = { outcome: 'error', error: errorInfoOf(error), endedAt: now() }
      decide(step, policyOf(envelope.type))
    }
    return step
  }

  /** What cannot be read once never can. */
  function refuse(step: Step, error: unknown): Step {
    const info = errorInfoOf(error)
    step.result = { outcome: 'error', error: info, endedAt: now() }
    step.settlement = { kind: 'dead-letter', reason: 'undecodable', error: info, attempts: step.delivery.attempt }
    return step
  }

  /** Names message, trace and handler run in every line. */
  function logOf({ id, traceparent }: Envelope, { attempt, receiveCount }: Delivery): Logger {
    const spanId = processSpanId({ id, group, attempt, receiveCount })
    return deps.log.child({ messageId: id, traceId: traceIdOf(traceparent), spanId })
  }

  /** Before the bytes are looked at: a message may end the process there as well. */
  function reportStart(given: AfterCrash[]): void {
    const deliveries = given.flatMap(({ delivery }) => {
      const { envelope } = delivery
      if (!envelope) return []
      const { attempt, receiveCount, receivedAt, ref } = delivery
      return [{ id: envelope.id, attempt, receiveCount, receivedAt, ...(ref === undefined ? {} : { ref }) }]
    })
    if (deliveries.length > 0) telemetry.write([{ kind: 'delivery.started', at: now(), group, instance, deliveries }])
  }

  function decide(step: Step, policy: RetryPolicy): void {
    const { result } = step
    if (result?.outcome === 'ok') step.settlement = { kind: 'ack' }
    else if (result?.outcome === 'error')
      step.settlement = decideAfterError(policy, step.delivery.attempt, result.error, deps.random, result.advice)
    else step.settlement = { kind: 'release' }
  }

  function reportEnd(steps: Step[]): void {
    const at = now()
    const deliveries = steps.flatMap((step) => {
      const { envelope, delivery, startedAt, acted, reported, result, settlement } = step
      if (!envelope || !result) return []
      const suppressed = step.emissions?.suppressed() ?? []
      const { attempt, receiveCount } = delivery
      const { endedAt, outcome } = result
      const effect = outcome === 'ok' ? result.effect : acted
      return [
        {
          ...{ id: envelope.id, attempt, receiveCount, startedAt, endedAt, outcome },
          ...(outcome === 'error' ? { error: result.error } : {}),
          ...(effect ? { effect } : {}),
          ...(reported === undefined ? {} : { reported }),
          ...(suppressed.length === 0 ? {} : { suppressed }),
          ...nextOf(settlement, at),
        },
      ]
    })
    if (deliveries.length > 0) telemetry.write([{ kind: 'delivery.ended', at, group, instance, deliveries }])
  }

  function say({ delivery, envelope, event, startedAt, done, result, settlement }: Step): void {
    const what = `${envelope?.type ?? delivery.topic} ${envelope?.id ?? delivery.ref ?? 'without an id'}`
    const log = event?.log ?? (envelope ? logOf(envelope, delivery) : deps.log)
    if (result?.outcome === 'ok') {
      deps.activity.handled(
        log,
        envelope?.type ?? '',
        `${what} → ${done ?? inWords(result.effect)}`,
        result.endedAt - startedAt,
      )
    } else if (result?.outcome === 'error') {
      const { type, message } = result.error
      deps.activity.failed(log, type, `${what} ✗ ${type}: ${message} → ${fate(settlement, delivery.attempt)}`)
    } else log.warn(`${what} was interrupted by the shutdown and given back`)
  }

  /** A handler that is done has its attempt done only when the broker has what it sent. */
  async function end(step: Step, result: AttemptResult | undefined, policy: RetryPolicy): Promise<void> {
    step.result = result
    if (result?.outcome !== 'ok') return decide(step, policy)
    const { delivery, sends, emissions } = step
    const emitted = await emitSent({ result, sends, emissions }, deps.interrupted, now)
    step.result = emitted.result
    if (emitted.acted !== undefined) step.acted = emitted.acted
    decide(step, policy)
    if (emitted.result.outcome === 'error' && emitted.isExpired) {
      const { error } = emitted.result
      step.settlement = { kind: 'dead-letter', reason: 'expired', error, attempts: delivery.attempt }
    }
  }

  /** Runs what can be run, side by side; events that may take equally long share a call, so that a batch stays a batch. */
  async function run(steps: Step[], policyOf: PolicyOf): Promise<void> {
    const runnable = steps.flatMap((step) =>
      step.event ? [{ step, event: step.event, policy: policyOf(step.event.type) }] : [],
    )
    const startedAt = now()
    const runAlike = async (timeoutMs: number): Promise<void> => {
      const alike = runnable.filter(({ policy }) => policy.attemptTimeoutMs === timeoutMs)
      const events = alike.map(({ event }) => event)
      const results = await runAttempts(consumer, events, {
        ...{ timeoutMs, interrupted: deps.interrupted, now },
        onFailed: (index) => alike[index]?.step.emissions?.abandon(),
      })
      await Promise.all(
        alike.map(({ step, policy }, index) => {
          step.startedAt = startedAt
          return end(step, results[index], policy)
        }),
      )
    }
    await Promise.all([...new Set(runnable.map(({ policy }) => policy.attemptTimeoutMs))].map(runAlike))
  }

  return async (deliveries) => {
    const config = deps.config()
    const subscription = config?.subscriptions.find(({ consumer: name }) => name === group)
    const policyOf: PolicyOf = (type) => (subscription ? policyFor(subscription, type) : defaultRetryPolicy)
    const given = deliveries.map((delivery) =>
      afterCrash(delivery, delivery.envelope && deps.crashOf?.(delivery.envelope.id), policyOf, deps.random),
    )
    reportStart(given)
    const eventTypes = typeIndexOf(config)
    const steps = await Promise.all(given.map((one) => begin(one, eventTypes, policyOf)))
    await run(steps, policyOf)
    reportEnd(steps)
    for (const step of steps) say(step)
    return steps.map(({ settlement }) => settlement)
  }
}

function nextOf(settlement: Settlement, at: number) {
  if (settlement.kind === 'retry') return { next: { state: 'retrying' as const, dueAt: at + settlement.delayMs } }
  if (settlement.kind === 'dead-letter') return { next: { state: 'dead_lettered' as const, reason: settlement.reason } }
  return {}
}

function inWords(effect: Effect | undefined): string {
  if (!effect) return 'done'
  return effect.suppressed ? `${effect.kind} ${effect.ref} was there already` : `${effect.kind} ${effect.ref}`
}

function fate(settlement: Settlement, attempt: number): string {
  if (settlement.kind === 'retry') return `attempt ${attempt + 1} in ${settlement.delayMs} ms`
  if (settlement.kind === 'dead-letter') return `dead-letter queue (${settlement.reason})`
  return 'given back'
}
