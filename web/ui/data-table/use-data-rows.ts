'use client'

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, type UIEvent, useCallback, useLayoutEffect, useRef } from 'react'
import { type Edge, followsAt, rowHeight, rowsAtBottom, wantsOlder } from './scroll-edge.ts'
import { type RowKeys, useRowKeys } from './use-row-keys.ts'

/**
 * FOLLOWING: the reader is where new rows come in and sees them come. STANDING: they are elsewhere and nothing moves.
 * The owner keeps which of both, as what it lists depends on it.
 */
export interface Follow {
  edge: Edge
  following: boolean
  setFollowing: (following: boolean) => void
}

/** Rows beyond the far end of a list that are fetched when the reader nears it. */
export interface Older {
  /** Whether there are any. */
  more: boolean
  loading: boolean
  load: () => void
}

export interface DataRowsOptions<Row> {
  rows: readonly Row[]
  /** Of a row, unique and stable. */
  keyOf: (row: Row) => string
  /** Height of a row in pixels, 28 without it; of rows that differ (`measure`) what they have about. */
  height?: number
  /** A list that new rows come into by themselves. */
  follow?: Follow
  older?: Older
  keys?: RowKeys<Row>
}

/** A row on screen, and where it begins, in pixels from the top of the list. */
export interface DrawnRow<Row> {
  row: Row
  key: string
  index: number
  start: number
}

export interface DataRows<Row> {
  /** Goes to the element that scrolls, with `onScroll`. */
  scroller: RefObject<HTMLDivElement | null>
  onScroll: (event: UIEvent<HTMLDivElement>) => void
  drawn: DrawnRow<Row>[]
  /** Pixels of the rows above and below those that are drawn, and of all. */
  above: number
  beneath: number
  total: number
  /** Ref of a drawn row whose height is its own; the row needs `data-index`. */
  measure: (element: Element | null) => void
  /** Goes where new rows come in, and follows them. */
  toEdge: () => void
}

/** Rows drawn beyond those in sight: on each side of where a reader is, and above the bottom while that is followed. */
const beyond = 12
const beyondBottom = 4

const bottomRange = (range: Range): number[] => rowsAtBottom(range, beyondBottom)

/** A list that draws only the rows in sight, follows the newest, fetches older ones on the way and goes by J and K. */
export function useDataRows<Row>(options: DataRowsOptions<Row>): DataRows<Row> {
  const { rows, keyOf, height = rowHeight, follow, older, keys } = options
  const scroller = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  // A new function has the virtualizer place all rows again.
  const itemKey = useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : keyOf(row)
    },
    [rows, keyOf],
  )
  const sticks = follow?.edge === 'bottom' && follow.following
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: beyond,
    rangeExtractor: sticks ? bottomRange : defaultRangeExtractor,
    getItemKey: itemKey,
  })
  const items = virtual.getVirtualItems()
  const total = virtual.getTotalSize()
  const last = rows.at(-1)
  useRowKeys(scroller, rows, keyOf, keys)

  // Another list than before: it grew, was replaced, or its rows were measured.
  const content = `${rows.length} ${last === undefined ? '' : keyOf(last)} ${total} ${items.length}`
  useLayoutEffect(() => {
    if (sticks && content && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [sticks, content])

  return {
    scroller,
    onScroll: ({ currentTarget: list }) => {
      const following = follow && followsAt(follow.edge, list, lastTop.current)
      lastTop.current = list.scrollTop
      if (follow && following !== undefined && following !== follow.following) follow.setFollowing(following)
      if (older?.more && !older.loading && wantsOlder(follow?.edge ?? 'top', list)) older.load()
    },
    drawn: items.flatMap(({ index, start, key }) => {
      const row = rows[index]
      return row === undefined ? [] : [{ row, key: String(key), index, start }]
    }),
    above: items[0]?.start ?? 0,
    beneath: total - (items.at(-1)?.end ?? 0),
    total,
    measure: virtual.measureElement,
    toEdge: () => {
      follow?.setFollowing(true)
      const list = scroller.current
      list?.scrollTo({ top: follow?.edge === 'bottom' ? list.scrollHeight : 0 })
    },
  }
}
