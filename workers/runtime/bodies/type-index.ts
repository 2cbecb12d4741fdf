import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { WorkerConfig } from '#contracts/protocols/worker.ts'

type TypeIndex = Map<string, EventTypeDefinition>

/** One for all readers of a configuration: a process may host a thousand services. */
const indexes = new WeakMap<WorkerConfig, TypeIndex>()
const none: TypeIndex = new Map()

/** Event types by name, made once for each configuration. */
export function typeIndexOf(config: WorkerConfig | undefined): TypeIndex {
  if (config === undefined) return none
  const known = indexes.get(config)
  if (known) return known
  const index: TypeIndex = new Map(config.eventTypes.map((eventType) => [eventType.name, eventType]))
  indexes.set(config, index)
  return index
}
