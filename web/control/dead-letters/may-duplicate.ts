import type { DeadLetterItem, Redrive } from '#contracts/api/dead-letter.ts'
import type { Journey } from '#contracts/api/journey.ts'

export interface DuplicateSources {
  journey(id: string): Journey | 'dropped' | undefined
  /** Whether a consumer promises one effect for a message that it handles twice. */
  isIdempotent(group: string): boolean
}

/**
 * How many of the chosen may act a second time. A consumer that keeps an inbox never does. Of another, each message that a handler
 * ran for may: an attempt can fail after it has acted.
 */
export function mayDuplicate(items: readonly DeadLetterItem[], sources: DuplicateSources): Redrive['mayDuplicate'] {
  const counts = new Map<string, number>()
  for (const item of items) {
    if (sources.isIdempotent(item.group) || !mayHaveActed(item, sources)) continue
    counts.set(item.group, (counts.get(item.group) ?? 0) + 1)
  }
  const why = 'an attempt may have acted before it failed, and this consumer does not suppress a second effect'
  return [...counts].map(([group, count]) => ({ group, count, why }))
}

function mayHaveActed({ messageId, group, reason, attempts }: DeadLetterItem, { journey }: DuplicateSources): boolean {
  if (reason === 'undecodable') return false
  const known = messageId === undefined ? undefined : journey(messageId)
  if (known === undefined || known === 'dropped') return attempts > 0 || reason === undefined
  const obligation = known.obligations.find((one) => one.group === group)
  return obligation === undefined || obligation.attempts.length > 0
}
