import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { WorkerConfig } from '#contracts/protocols/worker.ts'

/** Event types by name, made again only when the configuration changed. */
export function indexTypes(): (config: WorkerConfig | undefined) => Map<string, EventTypeDefinition> {
  let of: WorkerConfig | undefined
  let index = new Map<string, EventTypeDefinition>()
  return (config) => {
    if (config !== of) {
      of = config
      index = new Map(config?.eventTypes.map((eventType) => [eventType.name, eventType]))
    }
    return index
  }
}
