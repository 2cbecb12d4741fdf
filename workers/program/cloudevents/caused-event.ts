import type { CausedEvent } from '#workers/runtime/publish/caused-event.ts'
import type { ProgramEvent } from './read-events.ts'

/** An event of a program as the runtime publishes it. `traceparent` is of the request that carried it. */
export function causedEvent(
  { id, type, data, key, ...event }: ProgramEvent,
  traceparent = event.traceparent,
): CausedEvent {
  return {
    ...{ type, body: data, givenId: id },
    ...(key === undefined ? {} : { key }),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}
