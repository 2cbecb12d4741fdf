import type { Logger } from 'pino'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { CausedEvent } from '../publish/caused-event.ts'

/** An event whose body is JSON and matches the schema of its type. */
export interface HandledEvent {
  /** Identity of the message. The same for every delivery of it. */
  id: string
  type: string
  data: unknown
  envelope: Envelope
  /** Handler runs of this message in this group, from 1. */
  attempt: number
  /** Deliveries of this message to this group, from 1. */
  receiveCount: number
  /** Names the message in every line. */
  log: Logger
  /** Undefined if the type is no longer defined. */
  eventType?: EventTypeDefinition
  /** Aborts when the attempt has taken too long or the worker must stop; what happens afterwards is ignored. */
  signal: AbortSignal
  /** What was done, in words for the line that reports this event: `mail to ada@example.com`. Default: the effect. */
  say(done: string): void
  /**
   * An event that this one causes. It is published when the handler is done and before the message is settled; where the broker does not
   * acknowledge it, the attempt fails. What a handler that fails has sent is not published.
   */
  send(event: CausedEvent): void
  /** What a program says that it did in the world, for the record; it is not looked up. */
  reported(ref: string): void
  /** What is in the world by now. Where the attempt fails after it, its end reports the effect all the same. */
  acted(effect: Effect): void
}

/** Does what an event asks for and gives the effect; an error means another attempt, or a dead letter. */
export type EventHandler = (event: HandledEvent) => Promise<Effect | undefined>

/** The same for a whole batch, one answer per event in order. An `Error` fails that event only; a rejection fails all. */
export type BatchHandler = (events: HandledEvent[]) => Promise<(Effect | undefined | Error)[]>

/** A consumer as data: what it does. The consume loop does the rest. */
export interface Consumer {
  /** Consumer group; also the name of its queue. */
  group: string
  /** By event type; `*` takes every other type. Give these or `batch`. */
  handlers?: Record<string, EventHandler>
  batch?: BatchHandler
  /** Batches at a time. Default 4. The events of a batch are handled side by side. */
  concurrency?: number
  /** Messages in a batch at most. Default 10. */
  batchSize?: number
}
