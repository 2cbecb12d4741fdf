import type { GroupFigures, LedgerSummary } from '#contracts/api/ledger.ts'
import type { ObligationCount } from '../ledger/ledger-changes.ts'
import { stepOf } from './change-codes.ts'
import type { Changes } from './changes.ts'

type Sums = Pick<LedgerSummary, 'publishes' | 'groups'>

const column = (count: ObligationCount): Exclude<keyof GroupFigures, 'topic' | 'group' | 'owed'> =>
  count === 'deadLettered' ? 'dead_lettered' : count

/** The counts of a keyframe after the first `count` changes that followed it. */
export function foldChanges<Summary extends Sums>(before: Summary, changes: Changes, count: number): Summary {
  if (count === 0) return before
  const publishes = { ...before.publishes }
  const groups = new Map(before.groups.map((row) => [keyOf(row.topic, row.group), { ...row }]))
  const { lanes, names } = changes
  /** Rows by sequence and name. */
  const rows = new Map<number, GroupFigures>()
  for (let index = 0; index < count; index += 1) {
    const step = stepOf(changes.code[index] ?? 0)
    if (!step) continue
    if (step.of === 'publish') {
      if (step.from === undefined) publishes.attempted += 1
      else publishes[step.from] -= 1
      publishes[step.to] += 1
      continue
    }
    const [lane, name] = [changes.lane[index] ?? 0, changes.name[index] ?? 0]
    let row = rows.get(lane * 65_536 + name)
    if (!row) {
      const [topic, group] = [lanes[lane]?.topic ?? '', names[name] ?? '']
      row = groups.get(keyOf(topic, group)) ?? newRow(topic, group)
      groups.set(keyOf(topic, group), row)
      rows.set(lane * 65_536 + name, row)
    }
    if (step.from === undefined) row.owed += 1
    else row[column(step.from)] -= 1
    row[column(step.to)] += 1
  }
  const sorted = [...groups.values()].sort((a, b) => a.group.localeCompare(b.group) || a.topic.localeCompare(b.topic))
  return { ...before, publishes, groups: sorted }
}

const keyOf = (topic: string, group: string): string => `${topic}\n${group}`

const newRow = (topic: string, group: string): GroupFigures => ({
  ...{ topic, group, owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 },
})
