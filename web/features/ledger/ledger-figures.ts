import type { GroupFigures } from '#contracts/api/ledger.ts'
import type { MessageFilters } from '#web/features/messages/message-filters.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'

type Counts = Omit<GroupFigures, 'topic' | 'group'>

/** Sum of rows. */
export function totalOf(rows: readonly GroupFigures[]): Counts {
  const total: Counts = { owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 }
  for (const row of rows) for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += row[name]
  return total
}

/** A part of the bar, always in this order, and the messages behind it. */
export interface Segment {
  tone: Tone
  glyph: GlyphName
  word: string
  count: number
  filters: MessageFilters
}

export function barSegmentsOf(total: Counts): Segment[] {
  const part = (
    tone: Tone,
    glyph: GlyphName,
    word: string,
    count: number,
    state: MessageFilters['state'],
  ): Segment => ({
    ...{ tone, glyph, word, count },
    filters: { state },
  })
  return [
    part('delivered', 'delivered', 'delivered', total.delivered, 'delivered'),
    part('in-flight', 'in-flight', 'in flight', total.waiting + total.handling, 'in_flight'),
    part('retrying', 'retrying', 'retrying', total.retrying, 'retrying'),
    part('dead', 'dead', 'dead-lettered', total.dead_lettered, 'dead_lettered'),
    part('lost', 'lost', 'lost', total.lost, 'lost'),
  ]
}

/** A group's rows under their sum. */
export interface GroupRows {
  group: string
  total: Counts
  topics: GroupFigures[]
}

/** By group in the order of their names; topics with the most owed first. */
export function groupRows(rows: readonly GroupFigures[]): GroupRows[] {
  const groups = new Map<string, GroupFigures[]>()
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row])
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([group, topics]) => ({
      group,
      total: totalOf(topics),
      topics: topics.toSorted((a, b) => b.owed - a.owed || a.topic.localeCompare(b.topic)),
    }))
}
