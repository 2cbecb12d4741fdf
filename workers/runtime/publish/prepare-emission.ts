import { continuedTrace, traceIdOf } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { keyIn, keyProblem } from '#contracts/events/message-key.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import { type Decode, Undecodable } from '../bodies/decode.ts'
import type { CausedEvent, HandlerRun } from './caused-event.ts'
import { HopLimitReached, InvalidEmission, UnknownEventType } from './emission-errors.ts'
import type { Outgoing } from './publisher.ts'

/** Characters that telemetry keeps of an id that a program gave. */
const longestGivenId = 500

export interface PrepareDeps {
  typeOf: (name: string) => EventTypeDefinition | undefined
  decode: Decode
  /** Events that may follow one another from cause to effect. */
  hopLimit: number
}

/**
 * The event as it is published, all but its ordinal. Rejects with `UnknownEventType`, `InvalidEmission` or `HopLimitReached`; with another
 * error where the schema of its type cannot be used now.
 */
export async function prepareEmission(
  event: CausedEvent,
  run: HandlerRun | undefined,
  { typeOf, decode, hopLimit }: PrepareDeps,
): Promise<Outgoing> {
  const type = typeOf(event.type)
  if (type === undefined) throw new UnknownEventType(`the lab has no event type ${shown(event.type)}`)
  const cause = run === undefined ? {} : causeOf(run, event.type, hopLimit)
  const { name, topic, version, keyField } = type
  const data = await checked(event, type, decode)
  if ((event.givenId?.length ?? 0) > longestGivenId)
    throw new InvalidEmission(`the id of the ${name} has more than ${longestGivenId} characters`)
  const fields = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}
  const key = event.key ?? (keyField === undefined ? undefined : keyIn(fields, keyField, event.body))
  const problem = key === undefined ? undefined : keyProblem(key)
  if (problem !== undefined) throw new InvalidEmission(`the key of the ${name} ${problem}`)
  return {
    ...{ type: name, topic, version, body: event.body },
    ...(key === undefined ? {} : { key }),
    ...(event.givenId === undefined ? {} : { givenId: event.givenId }),
    ...traceOf(event, run),
    ...cause,
  }
}

/** The place of the event in its flow. */
function causeOf({ envelope }: HandlerRun, type: string, hopLimit: number): Pick<Outgoing, 'correlationId' | 'hops'> {
  const { id, hops = 0, causationId } = envelope
  const correlationId = envelope.correlationId ?? id
  if (hops + 1 <= hopLimit) return { correlationId, hops: hops + 1 }
  const way = [...new Set([correlationId, ...(causationId === undefined ? [] : [causationId]), id])]
  throw new HopLimitReached(
    `the ${shown(type)} would be hop ${hops + 1} of its flow, of which there may be ${hopLimit}: ` +
      `${way.join(' → … → ')} (${envelope.type}, hop ${hops}) → ${shown(type)}. Do these events cause one another?`,
  )
}

async function checked({ body }: CausedEvent, type: EventTypeDefinition, decode: Decode): Promise<unknown> {
  try {
    return await decode({ type: type.name, version: type.version, body }, undefined, type)
  } catch (error) {
    if (error instanceof Undecodable)
      throw new InvalidEmission(`the ${type.name} cannot be published: ${error.message}`)
    throw error
  }
}

/** The span of the handler run is the parent, unless the program names one of its own in the same trace. */
function traceOf(event: CausedEvent, run: HandlerRun | undefined): Pick<Outgoing, 'traceparent' | 'tracestate'> {
  const own = continuedTrace(event)
  const handled = run === undefined ? {} : continuedTrace(run.envelope)
  if (run === undefined || handled.traceparent === undefined) return own
  if (own.traceparent !== undefined && traceIdOf(own.traceparent) === traceIdOf(handled.traceparent)) return own
  const { envelope, group, attempt, receiveCount } = run
  const [version, traceId, , flags] = handled.traceparent.split('-')
  const parent = processSpanId({ id: envelope.id, group, attempt, receiveCount })
  return { ...handled, traceparent: `${version}-${traceId}-${parent}-${flags}` }
}

/** A name that a program gave, such that a line stays a line. */
const shown = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 99)}…` : name).slice(1, -1)
