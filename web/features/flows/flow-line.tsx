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

/** One flow of the list. `named`: the lab declares several. */
export const FlowLine = memo(function FlowLine({
  row,
  named,
  selected,
}: {
  row: FlowRow
  named: boolean
  selected: boolean
}) {
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
          title={row.id}
        >
          {named ? flowName(row) : `#${row.number}`}
        </RouteLink>
      </td>
      <td className="mono" title={row.key}>
        {row.key === undefined ? '–' : shortKey(row.key)}
      </td>
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
