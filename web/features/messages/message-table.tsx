'use client'

import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { MessageRow } from '#contracts/api/journey.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { useWidth } from '#web/ui/browser/use-width.ts'
import { Button } from '#web/ui/button.tsx'
import { DataTable } from '#web/ui/data-table/data-table.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { count } from '../words/figures.ts'
import { useHiddenColumns } from './columns-store.ts'
import { messageColumns } from './message-columns.ts'
import { MessageLine } from './message-line.tsx'
import { useMessages } from './messages-store.ts'

const idOf = (row: MessageRow): string => row.id
const show = (message: string): void => setParams({ message, attempt: undefined }, { replace: true })

/** The rows, drawn only if they are seen. It follows the newest at the bottom and does not move elsewhere. */
export function MessageTable({ empty }: { empty: ReactNode }) {
  const { rows, pending, older, loadingOlder, atBottom, setAtBottom, loadOlder } = useMessages()
  const nodes = useLive((live) => live.topology.nodes)
  const groups = useMemo(() => nodes.filter((node) => node.kind === 'consumer').map((node) => node.name), [nodes])
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const { hidden, load } = useHiddenColumns()
  useEffect(load, [load])
  const place = useLive((live) => (live.partitions.length > 0 ? 'Partition @ offset' : 'Broker’s id'))
  const layout = useMemo(() => messageColumns({ width, groups, hidden, place }), [width, groups, hidden, place])
  const { columns } = layout
  const open = useParam('message')
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col">
      <DataTable
        rows={rows}
        keyOf={idOf}
        columns={columns}
        leastWidth={layout.least}
        empty={empty}
        follow={{ edge: 'bottom', following: atBottom, setFollowing: setAtBottom }}
        older={{ more: older !== undefined, loading: loadingOlder, load: () => void loadOlder() }}
        keys={{ selected: open, open: show, attribute: 'data-message', newest: 'last' }}
        line={(row) => <MessageLine row={row} groups={groups} layout={layout} selected={row.id === open} />}
        lead={
          older === undefined ? null : (
            <tr className="cursor-pointer hover:*:bg-hover">
              <td className="text-center" colSpan={columns.length}>
                <Button small variant="ghost" disabled={loadingOlder} onClick={() => void loadOlder()}>
                  <Icon name="up" size={12} />
                  {loadingOlder ? 'Loading older messages' : 'Older messages'}
                </Button>
              </td>
            </tr>
          )
        }
        beside={({ drawn, toEdge }) => (
          <>
            <WatchedRows rows={drawn.map(({ row }) => row)} />
            {pending > 0 ? (
              <Button small className="absolute right-1/2 bottom-2 translate-x-1/2 shadow-float" onClick={toEdge}>
                <Icon name="down" size={12} />
                {count(pending)} new
              </Button>
            ) : null}
          </>
        )}
      />
    </div>
  )
}

/** Asks the server for changes of the rows on screen that are not settled. */
function WatchedRows({ rows }: { rows: MessageRow[] }) {
  const latest = useLive((live) => live.rows)
  const open = rows
    .map((row) => latest[row.id] ?? row)
    .filter((row) => row.settledInMs === undefined && row.publish !== 'failed')
    .map((row) => row.id)
    .slice(-200)
    .join()
  useEffect(() => watchLive({ rows: open === '' ? [] : open.split(',') }), [open])
  return null
}
