import type { DeadLetterCause, DeadLetterItem } from '#contracts/api/dead-letter.ts'

/** A line of the list. */
export type DeadLetterRow =
  | { kind: 'cause'; key: string; cause: DeadLetterCause; open: boolean }
  | { kind: 'letter'; key: string; letter: DeadLetterItem; cause: DeadLetterCause }
  /** The letters of an open cause are on their way, or there are more than were fetched. */
  | { kind: 'wait' | 'more'; key: string; cause: DeadLetterCause; left: number }

/** Letters of a cause that are fetched when it is opened; the rest on demand. */
export const firstLetters = 100

/** Causes that fit a group and a text: their error, message, group, types and reasons are searched. */
export function causesThatFit(
  causes: readonly DeadLetterCause[],
  group: string | undefined,
  q: string,
): DeadLetterCause[] {
  const text = q.trim().toLowerCase()
  return causes.filter((cause) => {
    if (group !== undefined && cause.group !== group) return false
    if (text === '') return true
    const { errorType, message, types, reasons } = cause
    return [errorType, message, cause.group, ...types, ...reasons].some((part) => part.toLowerCase().includes(text))
  })
}

/** Causes, and below each open one its letters. */
export function deadLetterRowsOf(
  causes: readonly DeadLetterCause[],
  letters: ReadonlyMap<string, readonly DeadLetterItem[]>,
  open: ReadonlySet<string>,
): DeadLetterRow[] {
  return causes.flatMap((cause): DeadLetterRow[] => {
    const { key } = cause
    const head: DeadLetterRow = { kind: 'cause', key, cause, open: open.has(key) }
    if (!open.has(key)) return [head]
    const items = letters.get(key)
    if (!items) return [head, { kind: 'wait', key: `${key} wait`, cause, left: cause.count }]
    const lines = items.map((letter): DeadLetterRow => ({ kind: 'letter', key: letter.id, letter, cause }))
    const left = cause.count - items.length
    return left > 0 ? [head, ...lines, { kind: 'more', key: `${key} more`, cause, left }] : [head, ...lines]
  })
}

/** `26 in 5 causes`. */
export function sumWords(causes: readonly DeadLetterCause[]): string {
  const sum = causes.reduce((all, { count }) => all + count, 0)
  return `${sum.toLocaleString('en-US')} in ${causes.length} ${causes.length === 1 ? 'cause' : 'causes'}`
}

/** `1,000 of 1,768 of consumer-email`: of groups that were not read to the end, what was, and what the broker counts there. */
export const readOf = (
  causes: readonly DeadLetterCause[],
  groups: readonly string[],
  depths: readonly number[],
): string =>
  groups
    .map((name, at) => {
      const read = causes.reduce((sum, { group, count }) => (group === name ? sum + count : sum), 0)
      return `${read.toLocaleString('en-US')} of ${Math.max(read, depths[at] ?? 0).toLocaleString('en-US')} of ${name}`
    })
    .join(' and ')

/** `consumer-email 17, consumer-db 9`. */
export function groupWords(causes: readonly DeadLetterCause[]): string {
  const groups = new Map<string, number>()
  for (const { group, count } of causes) groups.set(group, (groups.get(group) ?? 0) + count)
  return [...groups].map(([group, count]) => `${group} ${count.toLocaleString('en-US')}`).join(', ')
}
