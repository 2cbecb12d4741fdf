import type { HandledEvent } from '../consume/consumer.ts'

/** The same event with other data, in the body too: what a handler that misreads its event makes of it. */
export function withData(event: HandledEvent, change: (data: Record<string, unknown>) => object): HandledEvent {
  const data = { ...(event.data as Record<string, unknown>), ...change({ ...(event.data as Record<string, unknown>) }) }
  return { ...event, data, envelope: { ...event.envelope, body: JSON.stringify(data) } }
}
