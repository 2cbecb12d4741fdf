import type { MessageRow } from '#contracts/api/journey.ts'

/** What became of a burst's messages, for one group. */
export interface GroupOutcome {
  group: string
  owed: number
  delivered: number
  inFlight: number
  retrying: number
  deadLettered: number
}

/** Counts the given rows by group. Groups stand in the order in which they are first seen. */
export function outcomesOf(rows: MessageRow[]): GroupOutcome[] {
  const byGroup = new Map<string, GroupOutcome>()
  for (const { groups } of rows) {
    for (const { group, state } of groups) {
      const outcome = byGroup.get(group) ?? { group, owed: 0, delivered: 0, inFlight: 0, retrying: 0, deadLettered: 0 }
      outcome.owed += 1
      if (state === 'delivered') outcome.delivered += 1
      if (state === 'waiting' || state === 'handling') outcome.inFlight += 1
      if (state === 'retrying') outcome.retrying += 1
      if (state === 'dead_lettered') outcome.deadLettered += 1
      byGroup.set(group, outcome)
    }
  }
  return [...byGroup.values()].sort((a, b) => a.group.localeCompare(b.group))
}
