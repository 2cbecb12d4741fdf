import type { PublishAnswer, PublishInput } from '#contracts/api/publish.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { DataValidators } from '../lab/data-validators.ts'
import type { EventTypes } from '../lab/event-types.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import type { PublishQueue } from './publish-queue.ts'

/**
 * SNS takes 262,144 bytes, message and attributes together; 4 KiB of it are kept for the attributes (id, type, time, key of at most
 * 1 KiB, trace context of at most 512 characters).
 */
export const maxDataBytes = 262_144 - 4_096
/** A number can grow six-fold when it is written out again (`1e20`); bodies below this need no measuring. */
const measureFromBytes = maxDataBytes / 8

export interface TraceHeaders {
  traceparent?: string | undefined
  tracestate?: string | undefined
}

/** Publishes one event of a request whose body had `bodyBytes`. Throws an `ApiProblem`. */
export async function publishEvent(
  { eventTypes, validators, queue }: { eventTypes: EventTypes; validators: DataValidators; queue: PublishQueue },
  input: PublishInput,
  bodyBytes: number,
  trace: TraceHeaders,
): Promise<PublishAnswer> {
  const type = eventTypes.find(input.type)
  if (!type) {
    const names = eventTypes.list().map(({ name }) => name)
    throw new ApiProblem('unknown_event_type', `there is no event type "${input.type}"; known: ${names.join(', ')}`)
  }
  const errors = await validators.of(type)(input.data)
  if (errors.length > 0) {
    throw inputProblem(
      'schema_violation',
      errors.map(({ path, message }) => ({ path: `/data${path}`, message })),
    )
  }
  const bytes = bodyBytes < measureFromBytes ? bodyBytes : Buffer.byteLength(JSON.stringify(input.data))
  if (bytes > maxDataBytes) {
    throw new ApiProblem(
      'too_large',
      `data is ${bytes} bytes as JSON; at most ${maxDataBytes}, which is what SNS takes beside the attributes`,
    )
  }
  const key = input.key ?? keyOf(type, input.data)
  const startedAt = performance.now()
  const { id, ref } = await queue.publish(
    {
      type: type.name,
      topic: type.topic,
      version: type.version,
      data: input.data,
      ...(key === undefined ? {} : { key }),
      ...continued(trace),
    },
    bytes,
  )
  return {
    id,
    type: type.name,
    topic: type.topic,
    state: 'acked',
    ...(ref === undefined ? {} : { ref }),
    ackMs: Math.round((performance.now() - startedAt) * 100) / 100,
  }
}

function keyOf(type: EventTypeDefinition, data: Record<string, unknown>): string | undefined {
  if (type.keyField === undefined || !Object.hasOwn(data, type.keyField)) return undefined
  const value = data[type.keyField]
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const key = String(value)
  return key === '' ? undefined : key.slice(0, 256)
}

/** W3C trace context, level 1: one that is not valid is ignored and a new trace begun, as the standard wants. */
function continued({ traceparent, tracestate }: TraceHeaders): TraceHeaders {
  if (
    traceparent === undefined ||
    !/^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/.test(traceparent)
  )
    return {}
  return tracestate === undefined || tracestate === '' || tracestate.length > 512
    ? { traceparent }
    : { traceparent, tracestate }
}
