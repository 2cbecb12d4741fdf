'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useLive, watch } from '#web/live/live-store.ts'
import { useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/cn.ts'
import { Icon } from '#web/ui/icon.tsx'
import { SpacerRow } from '#web/ui/spacer-row.tsx'
import { stickyHead, tableClass } from '#web/ui/table.ts'
import { count } from '../words/figures.ts'
import { MessageLine } from './message-line.tsx'
import { useMessages } from './messages-store.ts'
import { useRowKeys } from './use-row-keys.ts'

const rowHeight = 28
/** Closer to the end than this counts as at the bottom. */
const bottomSlack = 12

/** The rows, drawn only where they are seen. It follows the newest at the bottom and stands still elsewhere. */
export function MessageTable() {
  const { rows, pending, older, loadingOlder, setAtBottom, loadOlder } = useMessages()
  const nodes = useLive((live) => live.topology.nodes)
  const groups = useMemo(() => nodes.filter((node) => node.kind === 'consumer').map((node) => node.name), [nodes])
  const open = useParam('message')
  const scroller = useRef<HTMLDivElement>(null)
  const lastTop = useRef(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const shown = virtual.getVirtualItems()
  const first = shown[0]
  const last = shown.at(-1)
  useRowKeys(scroller, open)
  useFollow(scroller, `${rows.length} ${rows.at(-1)?.id} ${virtual.getTotalSize()} ${shown.length}`)
  useWatchedRows(first?.index ?? 0, last?.index ?? -1)

  return (
    <div
      className="min-h-0 flex-1 overflow-auto [overflow-anchor:none]"
      ref={scroller}
      onScroll={({ currentTarget: list }) => {
        const left = list.scrollHeight - list.scrollTop - list.clientHeight
        // Only the reader's own way up ends the following: rows that make the list longer do not.
        if (left <= bottomSlack) setAtBottom(true)
        else if (list.scrollTop < lastTop.current) setAtBottom(false)
        lastTop.current = list.scrollTop
        if (list.scrollTop < rowHeight * 4 && left > bottomSlack) void loadOlder()
      }}
    >
      <table className={cn(tableClass, stickyHead, 'min-w-210')} aria-rowcount={rows.length}>
        <colgroup>
          <col style={{ width: 108 }} />
          <col style={{ width: 240 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 100 }} />
          {groups.map((group, index) => (
            <col key={group} style={index === groups.length - 1 ? undefined : { width: 196 }} />
          ))}
          <col style={{ width: 84 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Published</th>
            <th>Message</th>
            <th>Key</th>
            <th>Broker’s id</th>
            {groups.map((group) => (
              <th key={group}>{group}</th>
            ))}
            <th className="text-right">Settled in</th>
          </tr>
        </thead>
        <tbody>
          {older !== undefined && first?.index === 0 ? (
            <tr className="cursor-pointer">
              <td className="text-center" colSpan={groups.length + 5}>
                <Button small variant="ghost" disabled={loadingOlder} onClick={() => void loadOlder()}>
                  <Icon name="up" size={12} />
                  {loadingOlder ? 'Loading older messages' : 'Older messages'}
                </Button>
              </td>
            </tr>
          ) : null}
          <SpacerRow height={first?.start ?? 0} />
          {shown.map(({ index, key }) => {
            const row = rows[index]
            return row ? <MessageLine key={key} row={row} groups={groups} selected={row.id === open} /> : null
          })}
          <SpacerRow height={virtual.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
      {pending > 0 ? (
        <Button
          small
          className="absolute right-1/2 bottom-2 translate-x-1/2 shadow-float"
          onClick={() => {
            setAtBottom(true)
            scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
          }}
        >
          <Icon name="down" size={12} />
          {count(pending)} new
        </Button>
      ) : null}
    </div>
  )
}

/** Scrolls to the newest while at the bottom, each time that `content` says the list is another one. */
function useFollow(scroller: RefObject<HTMLDivElement | null>, content: string): void {
  const atBottom = useMessages((messages) => messages.atBottom)
  useLayoutEffect(() => {
    if (atBottom && content && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [atBottom, content, scroller])
}

/** Asks the server for changes of the rows on screen that are not settled. */
function useWatchedRows(from: number, to: number): void {
  const rows = useMessages((messages) => messages.rows)
  const latest = useLive((live) => live.rows)
  const open = rows
    .slice(from, to + 1)
    .map((row) => latest[row.id] ?? row)
    .filter((row) => row.settledInMs === undefined && row.publish !== 'failed')
    .map((row) => row.id)
    .slice(-200)
    .join()
  useEffect(() => watch({ rows: open === '' ? [] : open.split(',') }), [open])
}
