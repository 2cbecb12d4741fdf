import type { Envelope } from '#contracts/events/envelope.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'

/** An event that a handler causes, or that a program publishes by itself. */
export interface CausedEvent {
  type: string
  /** UTF-8 JSON text. */
  body: string
  /** Default: the value of the type's key field. */
  key?: string
  /** Id that a program gave it, at most 500 characters. A second event with the same id, type and cause is not sent again. */
  givenId?: string
  /** W3C trace context of the program. It is the parent where it belongs to the trace of the cause, or if there is no cause. */
  traceparent?: string
  tracestate?: string
}

/** One run of a handler. Events are caused by it until it is over. */
export interface HandlerRun {
  envelope: Envelope
  group: string
  attempt: number
  receiveCount: number
}

/** A handler run by what a program can know of it: a `HandledEvent`, or no more than the id of the message, then the latest run of it. */
export interface KnownCause {
  id: string
  attempt?: number
  receiveCount?: number
}

/** What became of an event. `id`: the identity that it was published under. */
export type Emission =
  | { state: 'acked'; id: string; ref?: string }
  /** Message `of` has the same id given by the program, type and cause, and the broker has it. */
  | { state: 'suppressed'; of: string }
  | { state: 'failed' | 'indeterminate'; id: string; error: ErrorInfo }
  /** It was never numbered, nor handed to the broker. */
  | { state: 'refused'; error: ErrorInfo }
