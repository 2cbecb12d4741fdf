import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { OwedGroups } from '../journal/owed-groups.ts'

/**
 * Notes which groups are owed the events of a frame. Answers the journal entries that have to be written before the frame.
 *
 * A publish that was on its way while subscriptions changed came to the broker before the change or after it, and nobody can tell which.
 * So an event counts as owed where the group took it at the time of the attempt and at the time of the answer as well: every type that is
 * known is asked for again, since answers name no types, and an attempt of a newer process ends what the former one left unanswered.
 */
export function owedInFrame(
  records: readonly TelemetryRecord[],
  owed: OwedGroups,
  groupsOf: (type: string, at: number) => readonly string[],
): Buffer[] {
  const types = new Set<string>()
  let isOfPublishes = false
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const record of records) {
    if (record.kind !== 'publish.attempted' && record.kind !== 'publish.settled') continue
    first = Math.min(first, record.at)
    last = Math.max(last, record.at)
    isOfPublishes = true
    if (record.kind === 'publish.attempted') for (const { type } of record.messages) types.add(type)
  }
  if (isOfPublishes) for (const type of owed.types) types.add(type)
  const entries: Buffer[] = []
  for (const type of types) {
    const entry = owed.update(type, inBoth(groupsOf(type, first), groupsOf(type, last)))
    if (entry) entries.push(entry)
  }
  return entries
}

/** The entries to write before what ends publishes of all types at `at`, epoch milliseconds. */
export const owedAt = (
  at: number,
  owed: OwedGroups,
  groupsOf: (type: string, at: number) => readonly string[],
): Buffer[] => [...owed.types].flatMap((type) => owed.update(type, groupsOf(type, at)) ?? [])

const inBoth = (first: readonly string[], last: readonly string[]): readonly string[] =>
  first === last ? first : first.filter((group) => last.includes(group))
