'use client'

import { useMemo } from 'react'
import type { FlowRow } from '#contracts/api/flow.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { usePlace } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { flowFiltersOf } from '../flows/flow-filters.ts'
import { openFlow } from '../flows/flow-line.tsx'
import { useFlows } from '../flows/flow-queries.ts'
import { FlowSum } from '../flows/flow-sum.tsx'
import { flowName, flowStateView, flowTime, stateWords } from '../flows/flow-words.ts'
import { shortKey } from '../messages/message-line.tsx'
import { clock, count, durationWords } from '../words/figures.ts'

const none: never[] = []

/** The way from the lab to its flows, with what started and what is overdue; nothing where the lab declares none. */
export function PhoneFlowsLink() {
  const flows = useLive((live) => live.flows ?? none)
  if (flows.length === 0) return null
  const sum = (of: 'started' | 'overdue'): number => flows.reduce((all, one) => all + one[of], 0)
  return (
    <RouteLink
      className="flex h-11 items-center gap-2 border-b border-line bg-surface px-4"
      path="/"
      patch={{ view: 'flows' }}
    >
      <Icon name="flow" />
      Flows
      <span className="flex-1" />
      <span className="text-fg-3">
        {count(sum('started'))} started{sum('overdue') === 0 ? '' : `, ${count(sum('overdue'))} overdue`}
      </span>
    </RouteLink>
  )
}

/** The flows of the lab, newest first: what started, ended and did not, and each of them. Its filters are in the address. */
export function PhoneFlows() {
  const query = usePlace()?.query.toString() ?? ''
  const filters = useMemo(() => flowFiltersOf(new URLSearchParams(query)), [query])
  const flows = useFlows(filters, true)
  const pages = flows.data?.pages
  const rows = [...new Map((pages ?? []).flatMap((page) => page.flows).map((row) => [row.id, row])).values()]
  const figures = pages?.[0]?.figures ?? []
  if (flows.error)
    return (
      <Empty
        className="flex-1"
        icon="alert"
        title={flows.error.title}
        action={<Button onClick={() => void flows.refetch()}>Try again</Button>}
      >
        {flows.error.detail}
      </Empty>
    )
  if (pages === undefined) return <div className={cn(emptyClass, 'flex-1')} aria-busy="true" />
  return (
    <>
      <div className="bg-surface *:py-2">
        {figures.map((one) => (
          <FlowSum key={one.flow} figures={one} state={filters.state} />
        ))}
      </div>
      {rows.length === 0 ? (
        <Empty
          className="flex-1"
          icon="flow"
          title={figures.some(({ started }) => started > 0) ? 'No such flow' : 'No flow has started yet'}
        >
          A flow begins with the first event that its declaration names.
        </Empty>
      ) : (
        <section className="bg-surface px-4 pb-4" aria-label="Flows">
          <ul className="grid">
            {rows.map((row) => (
              <Line key={row.id} row={row} named={figures.length > 1} />
            ))}
          </ul>
          {flows.hasNextPage ? (
            <Button disabled={flows.isFetchingNextPage} onClick={() => void flows.fetchNextPage()}>
              Older ones
            </Button>
          ) : null}
        </section>
      )}
    </>
  )
}

/** One flow. `named`: the lab declares several. */
function Line({ row, named }: { row: FlowRow; named: boolean }) {
  const now = useLive((live) => (row.tookMs === undefined ? live.at : 0))
  const { tone, glyph } = flowStateView[row.state]
  const { word, detail } = stateWords(row)
  return (
    <li className="border-t border-line first:border-t-0">
      <RouteLink className="grid gap-1 py-3 text-inherit" path="/" patch={openFlow(row.id)} data-flow={row.id}>
        <span className="flex min-w-0 items-center gap-2">
          <b className="type-13 font-medium">{named ? flowName(row) : `#${row.number}`}</b>
          {row.key === undefined ? null : (
            <code className="min-w-0 truncate text-fg-3" title={row.key}>
              {shortKey(row.key)}
            </code>
          )}
          <span className="flex-1" />
          <span className="mono text-fg-3">{clock(row.startedAt)}</span>
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <Status className="min-w-0" tone={tone} glyph={glyph}>
            {word} {detail === undefined ? null : <small className="min-w-0 truncate">{detail}</small>}
          </Status>
          <span className="flex-1" />
          <span className="text-fg-2">{durationWords(flowTime(row, now))}</span>
        </span>
      </RouteLink>
    </li>
  )
}
