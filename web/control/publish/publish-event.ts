import type { PublishAnswer, PublishInput } from '#contracts/api/publish.ts'
import { continuedTrace, type TraceHeaders } from '#contracts/events/envelope.ts'
import { exactValue } from '#contracts/events/exact-numbers.ts'
import type { DataValidators } from '../lab/data-validators.ts'
import type { EventTypes } from '../lab/event-types.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { publishKey } from './publish-key.ts'
import type { PublishQueue } from './publish-queue.ts'

/**
 * SNS takes 262,144 bytes, message and attributes together; 4 KiB of it are kept for the attributes (id, type, time, key of at most
 * 1 KiB, trace context of at most 512 characters).
 */
export const maxDataBytes = 262_144 - 4_096

/** Publishes one event. `text` is the data as the request has it: it is sent unchanged. Throws an `ApiProblem`. */
export async function publishEvent(
  { eventTypes, validators, queue }: { eventTypes: EventTypes; validators: DataValidators; queue: PublishQueue },
  input: PublishInput,
  text: string,
  trace: TraceHeaders,
): Promise<PublishAnswer> {
  const type = eventTypes.find(input.type)
  if (!type) {
    const names = eventTypes.list().map(({ name }) => name)
    throw new ApiProblem('unknown_event_type', `there is no event type "${input.type}"; known: ${names.join(', ')}`)
  }
  const errors = await validators.of(type)(exactValue(input.data, text))
  if (errors.length > 0) {
    throw inputProblem(
      'schema_violation',
      errors.map(({ path, message }) => ({ path: `/data${path}`, message })),
    )
  }
  const bytes = Buffer.byteLength(text)
  if (bytes > maxDataBytes) {
    throw new ApiProblem(
      'too_large',
      `data is ${bytes} bytes as JSON; at most ${maxDataBytes}, which is what SNS takes beside the attributes (the same for every broker, so that an event fits each)`,
    )
  }
  const key = publishKey(type, input, text)
  const startedAt = performance.now()
  const { id, ref } = await queue.publish(
    {
      type: type.name,
      topic: type.topic,
      version: type.version,
      body: text,
      ...(key === undefined ? {} : { key }),
      ...continuedTrace(trace),
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
