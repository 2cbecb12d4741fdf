/** Where new rows come in. */
export type Edge = 'top' | 'bottom'

/** What a list measures when it is scrolled, in pixels. */
export interface ScrollPosition {
  scrollTop: number
  scrollHeight: number
  clientHeight: number
}

export const rowHeight = 28
/** Closer to the bottom than this counts as at the bottom, in pixels. */
const bottomSlack = 12
/** Closer to the far end than this asks for older rows, in pixels. */
const olderSlack = 4 * rowHeight

const below = (at: ScrollPosition): number => at.scrollHeight - at.scrollTop - at.clientHeight

/**
 * Whether the reader is at the edge after a scroll; undefined: as before. At the bottom only the reader's own way up ends
 * the following: rows that make the list longer do not.
 * @param lastTop `scrollTop` at the scroll before
 */
export function followsAt(edge: Edge, at: ScrollPosition, lastTop: number): boolean | undefined {
  if (edge === 'top') return at.scrollTop < rowHeight
  if (below(at) <= bottomSlack) return true
  return at.scrollTop < lastTop ? false : undefined
}

/** Whether the reader nears the end opposite to where new rows come in. */
export function wantsOlder(edge: Edge, at: ScrollPosition): boolean {
  return edge === 'top' ? below(at) < olderSlack : at.scrollTop < olderSlack && below(at) > bottomSlack
}

/** The rows in sight of a list, first and last, and of how many. */
export interface Sight {
  startIndex: number
  endIndex: number
  count: number
}

/**
 * Indexes of the rows that a list which follows its bottom draws: as many as are in sight and `beyond`, at the end. They are known before the
 * list is scrolled there, so that new rows are drawn once and not again where the scroll ends.
 */
export function rowsAtBottom({ startIndex, endIndex, count }: Sight, beyond: number): number[] {
  const first = Math.max(0, count - (endIndex - startIndex + 1) - beyond)
  return Array.from({ length: count - first }, (_, place) => first + place)
}
