import { type DeadLetterItem, type Redrive, wouldFailSamples } from '#contracts/api/dead-letter.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { exactValue } from '#contracts/events/exact-numbers.ts'
import type { DataValidator } from '../lab/data-validators.ts'
import { ApiProblem } from '../problem/problem.ts'

export interface SchemaSources {
  eventType: (name: string) => EventTypeDefinition | undefined
  validator: (type: EventTypeDefinition) => DataValidator
}

/**
 * Of the chosen, those that their group would give up again before any handler runs: their bytes are not an event, or their data
 * breaks the schema that they were published under, as far as that is the one of now. What a handler would say nobody knows.
 */
export async function wouldFail(
  items: readonly DeadLetterItem[],
  sources: SchemaSources,
): Promise<Redrive['wouldFail']> {
  /** Types whose schema takes too much to check: one letter says so for all. */
  const costly = new Set<string>()
  const found = new Map<string, Redrive['wouldFail'][number]>()
  for (const item of items) {
    const why = costly.has(item.type) ? undefined : await whyNot(item, sources, costly)
    if (why === undefined) continue
    const key = `${item.group} ${why}`
    const line = found.get(key) ?? { group: item.group, count: 0, why, ids: [] }
    found.set(key, line)
    line.count += 1
    if (line.ids.length < wouldFailSamples) line.ids.push(item.id)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

async function whyNot(
  { messageId, type, payload, raw, headers }: DeadLetterItem,
  sources: SchemaSources,
  costly: Set<string>,
): Promise<string | undefined> {
  if (messageId === undefined) return 'no event: its headers carry no identity'
  if (payload === undefined) return 'its body is not JSON'
  const definition = sources.eventType(type)
  if (definition === undefined || Number(headers.ce_dataversion ?? 1) !== definition.version) return undefined
  const [problem] = await sources
    .validator(definition)(exactValue(payload, raw))
    .catch((error: unknown) => {
      if (!(error instanceof ApiProblem) || error.code === 'validation_busy') throw error
      costly.add(type)
      return [{ path: '', message: `cannot be checked: ${error.message}` }]
    })
  return problem && `its data breaks ${type} v${definition.version}: ${problem.path || 'it'} ${problem.message}`
}
