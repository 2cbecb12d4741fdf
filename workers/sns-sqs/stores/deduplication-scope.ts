import type { FifoSettings } from './queue-store.ts'

/** For how long a queue goes on as before after its deduplication scope was changed, as AWS takes to spread attributes. */
const scopeSpreadsMs = 60_000

/** Within what a FIFO queue drops repetitions at a moment. */
export const scopeAt = (fifo: FifoSettings | undefined, now: number): 'queue' | 'group' | undefined =>
  fifo?.before !== undefined && now < fifo.before.until ? fifo.before.deduplicatesWithin : fifo?.deduplicatesWithin

/** The settings after a change at a moment: a scope that differs holds only once it has spread. */
export function spreading(before: FifoSettings, after: FifoSettings, now: number): FifoSettings {
  const { deduplicatesWithin } = after
  if (deduplicatesWithin === before.deduplicatesWithin) {
    return before.before === undefined || before.before.until <= now ? { deduplicatesWithin } : before
  }
  const held = scopeAt(before, now) ?? before.deduplicatesWithin
  return { deduplicatesWithin, before: { deduplicatesWithin: held, until: now + scopeSpreadsMs } }
}
