import type { EventLogEntry } from '#contracts/api/event-log.ts'

/** Kinds of entries, as the filter offers them; `rebalance` is of the service kind and has its own. */
export const logKinds = [
  ...([
    'all',
    'fault',
    'service',
    'rebalance',
    'part',
    'publish',
    'redrive',
    'audit',
    'change',
    'broker',
    'note',
  ] as const),
  'lab',
] as const
export type LogKind = (typeof logKinds)[number]
export const isLogKind = (value: string | undefined): value is LogKind => logKinds.some((kind) => kind === value)

const kindOf = ({ kind, group }: EventLogEntry): LogKind => (group === undefined ? kind : 'rebalance')

/** Entries of a kind, and above a level where `warnings`, that have every word of the text. */
export function filterLog(
  entries: readonly EventLogEntry[],
  { kind, text, warnings }: { kind: LogKind; text: string; warnings: boolean },
): EventLogEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter(
    (entry) =>
      (kind === 'all' || kindOf(entry) === kind) &&
      (!warnings || entry.level !== 'info') &&
      words.every((word) => `${entry.message} ${entry.subject ?? ''}`.toLowerCase().includes(word)),
  )
}

/** Two lists by number, newest first, each entry once. */
export function joinLog(a: readonly EventLogEntry[], b: readonly EventLogEntry[]): EventLogEntry[] {
  const bySeq = new Map([...a, ...b].map((entry) => [entry.seq, entry]))
  return [...bySeq.values()].sort((x, y) => y.seq - x.seq)
}
