import type { Column } from '#web/ui/data-table/data-table.tsx'

/** Columns that a reader may hide, and that give way if there is no room. */
export const optionalColumns = ['key', 'ref', 'attempts', 'settled'] as const
export type OptionalColumn = (typeof optionalColumns)[number]

export const isOptional = (name: string): name is OptionalColumn => optionalColumns.some((one) => one === name)

/** Groups that have a column each. More of them share one, where each message names those that were owed it. */
export const mostColumns = 3

/** Pixels of each column; a group has at least this and what is left. */
const widths = { at: 108, id: 240, shortId: 180, key: 84, ref: 112, group: 148, attempts: 72, settled: 84 }
/** What gives way first. */
const leaving: (OptionalColumn | 'prefix')[] = ['attempts', 'ref', 'key', 'prefix']

export interface MessageColumns {
  columns: Column[]
  has: (name: OptionalColumn) => boolean
  /** Ids with the producer and its epoch before them. */
  prefixed: boolean
  /** Pixels that the columns need. */
  least: number
}

interface Wanted {
  /** Pixels that there are. */
  width: number
  groups: readonly string[]
  hidden: ReadonlySet<OptionalColumn>
  /** What the broker calls the place of a message. */
  place: string
}

/**
 * The columns for this width. Where not all fit they go in one order: attempts, the broker's id, the key, then the producer's prefix of the
 * id. What is gone is in the tooltip of its row.
 */
export function messageColumns({ width, groups, hidden, place }: Wanted): MessageColumns {
  const shown = new Set(optionalColumns.filter((name) => !hidden.has(name)))
  const together = groups.length > mostColumns
  let prefixed = true
  const least = (): number =>
    [...shown].reduce((sum, name) => sum + widths[name], 0) +
    widths.at +
    (prefixed ? widths.id : widths.shortId) +
    widths.group * (together ? 1 : groups.length)
  for (const next of leaving) {
    if (least() <= width) break
    if (next === 'prefix') prefixed = false
    else shown.delete(next)
  }
  const optional = (name: OptionalColumn, head: string, numeric = false): Column[] =>
    shown.has(name) ? [{ key: name, head, width: widths[name], ...(numeric ? { numeric } : {}) }] : []
  return {
    has: (name) => shown.has(name),
    prefixed,
    least: least(),
    columns: [
      { key: 'at', head: 'Published', width: widths.at },
      { key: 'id', head: 'Message', width: prefixed ? widths.id : widths.shortId },
      ...optional('key', 'Key'),
      ...optional('ref', place),
      ...(together
        ? [{ key: 'groups', head: 'What became of it' }]
        : groups.map((name) => ({ key: `group ${name}`, head: name }))),
      ...optional('attempts', 'Attempts', true),
      ...optional('settled', 'Settled in', true),
    ],
  }
}
