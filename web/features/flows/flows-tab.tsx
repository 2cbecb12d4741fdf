'use client'

import { useMemo, useRef, useState } from 'react'
import type { FlowList, FlowRow } from '#contracts/api/flow.ts'
import type { Problem } from '#contracts/errors.ts'
import { useLive } from '#web/live/live-store.ts'
import { publishedPerSecond } from '#web/live/published-rate.ts'
import { setParams, useParam, usePlace } from '#web/live/url-state.ts'
import { useWidth } from '#web/ui/browser/use-width.ts'
import { Button } from '#web/ui/button.tsx'
import { type Column, DataTable } from '#web/ui/data-table/data-table.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { SearchField } from '../messages/search-field.tsx'
import { type FlowFilters, flowFiltersOf, noFlowFilters } from './flow-filters.ts'
import { FlowLine, openFlow } from './flow-line.tsx'
import { useFlows } from './flow-queries.ts'
import { FlowSum } from './flow-sum.tsx'

const idOf = (row: FlowRow): string => row.id
const noRows: FlowRow[] = []

const columns: Column[] = [
  { key: 'started', head: 'Started', width: 120 },
  { key: 'flow', head: 'Flow', width: 124 },
  { key: 'key', head: 'Key', width: 136 },
  { key: 'last', head: 'Last event', width: 176 },
  { key: 'state', head: 'State' },
  { key: 'time', head: 'Time', width: 96, numeric: true },
]

/** Pixels of the list from which it has a column for the key. */
const keyFrom = 720

/** The flows of the lab: what started, ended and did not, and each of them. Its filters are in the address. */
export function FlowsTab() {
  const query = usePlace()?.query.toString() ?? ''
  const text = useMemo(() => JSON.stringify(flowFiltersOf(new URLSearchParams(query))), [query])
  const filters = useMemo(() => JSON.parse(text) as FlowFilters, [text])
  const [atTop, setAtTop] = useState(true)
  const flows = useFlows(filters, atTop)
  const pages = flows.data?.pages
  const rows = useMemo(() => (pages ? distinct(pages) : noRows), [pages])
  const figures = pages?.[0]?.figures ?? []
  const open = useParam('flow')
  const box = useRef<HTMLDivElement>(null)
  const withKey = useWidth(box) >= keyFrom
  return (
    <div ref={box} className="relative flex min-h-0 flex-1 flex-col">
      <FlowTools filters={filters} following={atTop} />
      {figures
        .filter(({ flow }) => filters.flow === undefined || flow === filters.flow)
        .map((one) => (
          <FlowSum key={one.flow} figures={one} state={filters.state} />
        ))}
      <DataTable
        rows={rows}
        keyOf={idOf}
        columns={withKey ? columns : columns.filter(({ key }) => key !== 'key')}
        className={withKey ? 'min-w-180' : 'min-w-146'}
        follow={{ edge: 'top', following: atTop, setFollowing: setAtTop }}
        older={{
          more: flows.hasNextPage,
          loading: flows.isFetchingNextPage,
          load: () => void flows.fetchNextPage(),
        }}
        keys={{
          selected: open,
          open: (id) => setParams(openFlow(id), { replace: true }),
          attribute: 'data-flow',
          newest: 'first',
        }}
        line={(row) => <FlowLine row={row} named={figures.length > 1} withKey={withKey} selected={row.id === open} />}
        empty={
          <NoFlows
            loading={flows.isPending}
            problem={flows.error ?? undefined}
            filtered={Object.keys(filters).some((name) => name !== 'order')}
            onAgain={() => void flows.refetch()}
          />
        }
      />
    </div>
  )
}

/** A page is read while flows come in: one that moved to the next page is listed once. */
function distinct(pages: readonly FlowList[]): FlowRow[] {
  const rows = new Map<string, FlowRow>()
  for (const page of pages) for (const row of page.flows) if (!rows.has(row.id)) rows.set(row.id, row)
  return [...rows.values()]
}

function FlowTools({ filters, following }: { filters: FlowFilters; following: boolean }) {
  const rate = useLive(publishedPerSecond)
  const unusual = filters.order === 'unusual'
  return (
    <DockTools>
      <span className="inline-flex min-w-0 items-center gap-1.5 truncate text-fg-3">
        <Status tone={following ? 'delivered' : 'idle'} glyph={following ? 'up' : 'paused'} />
        {following ? 'Following' : 'Standing still'} · {rate.toFixed(rate > 0 && rate < 100 ? 1 : 0)}/s published
      </span>
      <SearchField q={filters.q ?? ''} label="Search flows by key, id and last event" placeholder="Key, event…" />
      <Button
        small
        aria-pressed={unusual}
        onClick={() => setParams({ order: unusual ? undefined : 'unusual' }, { replace: true })}
      >
        <Icon name={unusual ? 'check' : 'filter'} size={12} />
        Unusual first
      </Button>
    </DockTools>
  )
}

interface NoFlowsProps {
  loading: boolean
  problem: Problem | undefined
  filtered: boolean
  onAgain: () => void
}

function NoFlows({ loading, problem, filtered, onAgain }: NoFlowsProps) {
  if (problem) {
    return (
      <Empty icon="alert" title={problem.title} action={<Button onClick={onAgain}>Try again</Button>}>
        {problem.detail}
      </Empty>
    )
  }
  if (loading) {
    return (
      <div className={emptyClass} aria-busy="true">
        <p className="text-fg-3">Reading flows…</p>
      </div>
    )
  }
  if (filtered) {
    return (
      <Empty
        icon="search"
        title="No flow fits the filters"
        action={<Button onClick={() => setParams({ ...noFlowFilters, q: undefined })}>Take the filters off</Button>}
      >
        Kept are all open flows and the newest 100,000 that ended.
      </Empty>
    )
  }
  return (
    <Empty icon="flow" title="No flow has started yet">
      A flow begins with the first event that its declaration names.
    </Empty>
  )
}
