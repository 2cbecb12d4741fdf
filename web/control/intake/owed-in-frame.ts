import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { OwedGroups } from '../journal/owed-groups.ts'

/**
 * Takes who is owed the events that a frame tells of. Answers the journal entries that have to be written before the frame.
 *
 * A publish that was on its way while subscriptions changed came to the broker before the change or after it, and nobody can tell which.
 * So an event counts as owed where the group took it at the time of the attempt and at the time of the answer as well: every type that is
 * known is asked for again where the frame has answers, which name no types.
 */
export function owedInFrame(
  records: readonly TelemetryRecord[],
  owed: OwedGroups,
  groupsOf: (type: string, at: number) => readonly string[],
): Buffer[] {
  const types = new Set<string>()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const record of records) {
    if (record.kind !== 'publish.attempted' && record.kind !== 'publish.settled') continue
    first = Math.min(first, record.at)
    last = Math.max(last, record.at)
    if (record.kind === 'publish.attempted') for (const { type } of record.messages) types.add(type)
    else for (const type of owed.types) types.add(type)
  }
  const entries: Buffer[] = []
  for (const type of types) {
    const entry = owed.update(type, inBoth(groupsOf(type, first), groupsOf(type, last)))
    if (entry) entries.push(entry)
  }
  return entries
}

const inBoth = (first: readonly string[], last: readonly string[]): readonly string[] =>
  first === last ? first : first.filter((group) => last.includes(group))
