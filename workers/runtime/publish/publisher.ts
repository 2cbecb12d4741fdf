import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { childTraceparent, type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import type { EmissionCause, TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PublishResult } from '#contracts/protocols/worker.ts'
import type { Broker, PublishOutcome } from '#workers/broker/broker.ts'
import { createSequencer } from './sequencer.ts'

/** A message that has no number yet. */
export interface Outgoing {
  type: string
  topic: string
  version: number
  key?: string
  /** UTF-8 JSON text. */
  body: string
  traceparent?: string
  tracestate?: string
  burstId?: string
  /** Id of the first event of the flow, if this is not the first. */
  correlationId?: string
  /** The handler run that publishes it. */
  cause?: EmissionCause
  /** Events before it on the way from the first of the flow. */
  hops?: number
  /** Id that the program gave it, for the record. */
  givenId?: string
}

/** Where messages come from when there is room for them; what is called when one is known to be stored or not. */
export interface Source {
  /** Takes the next message that is due; undefined while none is. */
  next(): Outgoing | undefined
  /** The message was numbered and handed to the broker. */
  attempted(): void
  /** `ackMs`: from the attempt to the broker's answer. */
  settled(result: PublishResult, ackMs: number): void
}

export interface PublisherDeps {
  broker: Pick<Broker, 'publish'>
  /** Writes telemetry synchronously. */
  report: (records: TelemetryRecord[]) => void
  producer: string
  epoch: number
  /** Where it publishes to, for the record. */
  brokerName: BrokerName
  /** Epoch milliseconds with a fraction. */
  now: () => number
  /** Messages at the broker at a time; the others wait without a number. One call takes a fifth at most. Default 500. */
  outstandingMax?: number
  /** Milliseconds that a call which is not full waits for more messages while others are on the way. Default 2. */
  lingerMs?: number
}

export interface Publisher {
  /** Resolves when the outcome is known; waits its turn before any source. */
  publish(message: Outgoing): Promise<PublishResult>
  /** Adds a source; call `wake` when it has messages due. */
  add(source: Source): void
  remove(source: Source): void
  wake(): void
  /** Resolves when nothing waits and nothing is on the way. */
  drained(): Promise<void>
  outstanding(): number
}

/**
 * Calls that the room is shared by at least: while one is answered, others are on the way. How many messages a request carries is the
 * driver's business.
 */
const callsAtATime = 5

/**
 * Numbers messages, reports each attempt before the broker is called and each outcome after it. Messages that are
 * due at the same time share a call; a lone one leaves at once unless others are on the way.
 */
export function createPublisher(deps: PublisherDeps): Publisher {
  const outstandingMax = deps.outstandingMax ?? 500
  const lingerMs = deps.lingerMs ?? 2
  const callMax = Math.max(1, Math.floor(outstandingMax / callsAtATime))
  const number = createSequencer(deps.producer, deps.epoch)
  const callers: { message: Outgoing; source: Source }[] = []
  const sources: Source[] = []
  const idle: (() => void)[] = []
  let taken: { message: Outgoing; source: Source }[] = []
  let outstanding = 0
  /** Outcomes that wait, within one turn of the event loop, for a frame to share. */
  const unreported: TelemetryRecord[] = []
  let turn = 0
  let linger: NodeJS.Timeout | undefined

  function report(records: TelemetryRecord[]): void {
    if (unreported.length + records.length > 0) deps.report([...unreported.splice(0), ...records])
  }

  /** The next message: callers first, then each source in turn. */
  function take(): { message: Outgoing; source: Source } | undefined {
    const caller = callers.shift()
    if (caller) return caller
    for (let tries = 0; tries < sources.length; tries += 1) {
      turn = (turn + 1) % sources.length
      const source = sources[turn]
      const message = source?.next()
      if (source && message) return { message, source }
    }
    return undefined
  }

  function fill(): void {
    while (taken.length < callMax) {
      const next = take()
      if (next === undefined) return
      taken.push(next)
    }
  }

  function pump(lingered: boolean): void {
    while (outstanding + callMax <= outstandingMax) {
      fill()
      if (taken.length === 0) return
      if (taken.length < callMax && outstanding > 0 && !lingered) {
        linger ??= setTimeout(() => pump(true), lingerMs)
        return
      }
      clearTimeout(linger)
      linger = undefined
      const batch = taken
      taken = []
      void send(batch)
    }
  }

  async function send(batch: { message: Outgoing; source: Source }[]): Promise<void> {
    outstanding += batch.length
    const attemptedAt = deps.now()
    const time = new Date(attemptedAt).toISOString()
    const numbered = batch.map(({ message, source }) => {
      const { seq, id } = number(message.topic)
      const { key, tracestate, correlationId, cause, hops } = message
      const continued = message.traceparent === undefined ? undefined : childTraceparent(message.traceparent)
      const envelope: Envelope = {
        id,
        type: message.type,
        topic: message.topic,
        time,
        traceparent: continued?.traceparent ?? newTraceparent(),
        version: message.version,
        body: message.body,
        ...(key === undefined ? {} : { key }),
        ...(tracestate === undefined ? {} : { tracestate }),
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(cause === undefined ? {} : { causationId: cause.id }),
        ...(hops === undefined ? {} : { hops }),
      }
      return { seq, envelope, message, source, parentSpanId: continued?.parentSpanId }
    })
    const topics = [...new Set(batch.map(({ message }) => message.topic))]
    const { producer, epoch, brokerName } = deps
    report(
      topics.map((topic) => ({
        kind: 'publish.attempted',
        at: attemptedAt,
        producer,
        epoch,
        topic,
        broker: brokerName,
        messages: numbered
          .filter(({ envelope }) => envelope.topic === topic)
          .map(
            ({
              seq,
              parentSpanId,
              envelope: { type, version, key, traceparent, tracestate, body },
              message: { burstId, correlationId, cause, hops, givenId },
            }) => ({
              seq,
              type,
              version,
              key,
              traceparent,
              tracestate,
              parentSpanId,
              time,
              body,
              burstId,
              correlationId,
              cause,
              hops,
              givenId,
            }),
          ),
      })),
    )
    for (const { source } of batch) source.attempted()
    const outcomes = await deps.broker.publish(numbered.map(({ envelope }) => envelope))
    const settledAt = deps.now()
    const outcomeOf = (index: number): PublishOutcome =>
      outcomes[index] ?? { state: 'indeterminate', error: { type: 'NoResult', message: 'the driver gave no outcome' } }
    unreported.push(
      ...topics.map((topic) => ({
        kind: 'publish.settled' as const,
        at: settledAt,
        producer,
        epoch,
        topic,
        outcomes: numbered.flatMap(({ seq, envelope }, index) =>
          envelope.topic === topic ? [{ seq, ...outcomeOf(index) }] : [],
        ),
      })),
    )
    outstanding -= batch.length
    // The next batch takes the place of this one, and its attempt shares a frame with this outcome.
    pump(false)
    report([])
    for (const [index, { envelope, source }] of numbered.entries()) {
      source.settled({ id: envelope.id, ...outcomeOf(index) }, settledAt - attemptedAt)
    }
    if (outstanding === 0 && taken.length === 0 && callers.length === 0) for (const done of idle.splice(0)) done()
  }

  return {
    publish: (message) =>
      new Promise((resolve) => {
        callers.push({ message, source: { next: () => undefined, attempted: () => undefined, settled: resolve } })
        // Commands that came in the same turn of the event loop share a call.
        if (callers.length === 1) setImmediate(() => pump(false))
      }),
    add(source) {
      sources.push(source)
    },
    remove(source) {
      const index = sources.indexOf(source)
      if (index >= 0) sources.splice(index, 1)
    },
    wake: () => pump(false),
    drained: () =>
      outstanding === 0 && taken.length === 0 && callers.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => idle.push(resolve)),
    outstanding: () => outstanding,
  }
}
