'use client'

import { memo } from 'react'
import type { FlowRow } from '#contracts/api/flow.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { rowSelected } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { shortKey } from '../messages/message-line.tsx'
import { clock, durationWords } from '../words/figures.ts'
import { flowName, flowStateView, flowTime, stateWords } from './flow-words.ts'

/** What is open beside a flow goes when another one is opened. */
export const openFlow = (id: string) => ({
  flow: id,
  ...{ node: undefined, edge: undefined, message: undefined, attempt: undefined, tab: undefined },
})

interface FlowLineProps {
  row: FlowRow
  /** The lab declares several. */
  named: boolean
  /** Whether there is a column for its key; else it is in the tooltip. */
  withKey: boolean
  selected: boolean
}

/** One flow of the list. */
export const FlowLine = memo(function FlowLine({ row, named, withKey, selected }: FlowLineProps) {
  // Only what has no end has a time that goes on.
  const now = useLive((live) => (row.tookMs === undefined ? live.at : 0))
  const { tone, glyph } = flowStateView[row.state]
  const words = stateWords(row)
  return (
    <tr
      className={cn('cursor-pointer', selected ? rowSelected : 'hover:*:bg-hover')}
      data-flow={row.id}
      onClick={() => setParams(openFlow(row.id))}
    >
      <td className="mono text-fg-3">{clock(row.startedAt)}</td>
      <td>
        <RouteLink
          className="block overflow-hidden font-medium text-ellipsis text-fg hover:no-underline"
          patch={openFlow(row.id)}
          aria-current={selected ? 'true' : undefined}
          title={withKey || row.key === undefined ? row.id : `${row.id}\nkey ${row.key}`}
        >
          {named ? flowName(row) : `#${row.number}`}
        </RouteLink>
      </td>
      {withKey ? (
        <td className="mono" title={row.key}>
          {row.key === undefined ? '–' : shortKey(row.key)}
        </td>
      ) : null}
      <td className="mono" title={`of ${row.lastEvent.service}, ${clock(row.lastEvent.at)}`}>
        {row.lastEvent.type}
      </td>
      <td>
        <Status className="flex" tone={tone} glyph={glyph}>
          {words.word} {words.detail === undefined ? null : <small className="min-w-0 truncate">{words.detail}</small>}
        </Status>
      </td>
      <td className="text-right">{durationWords(flowTime(row, now))}</td>
    </tr>
  )
})
