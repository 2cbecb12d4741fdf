'use client'

import { useState } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { publishedPerSecond } from '#web/live/published-rate.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { useIsBelow } from '#web/ui/browser/use-is-below.ts'
import { Button, IconButton } from '#web/ui/button.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { type MenuTool, ToolsMenu } from '#web/ui/tools-menu.tsx'
import { count } from '../words/figures.ts'
import { useHiddenColumns } from './columns-store.ts'
import { FilterMenu } from './filter-menu.tsx'
import { listedWords } from './listed-words.ts'
import { optionalColumns } from './message-columns.ts'
import { filterCount, type MessageFilters } from './message-filters.ts'
import { useMessages } from './messages-store.ts'
import { SearchField } from './search-field.tsx'

/** Beside the tabs of the dock: state of the tail, search, filters, pause, clear. */
export function MessageTools({ filters }: { filters: MessageFilters }) {
  const { paused, setPaused, clear } = useMessages()
  const replayed = useIsReplayed()
  const [filtering, setFiltering] = useState(false)
  const isNarrow = useIsBelow(1_440)
  const { hidden, toggle } = useHiddenColumns()
  const tools: MenuTool[] = [
    // The menu has the focus until it is gone.
    ...(isNarrow
      ? [{ icon: 'filter' as const, label: 'Filter…', run: () => requestAnimationFrame(() => setFiltering(true)) }]
      : []),
    ...(!replayed ? [{ icon: 'trash' as const, label: 'Clear the list', run: clear }] : []),
    { icon: 'download', label: 'Export as NDJSON', run: exportRows },
    ...optionalColumns.map((name, at) => ({
      label: `Column ${columnWords[name]}`,
      checked: !hidden.has(name),
      run: () => toggle(name),
      parts: at === 0,
    })),
  ]
  return (
    <DockTools>
      <TailState filtered={filterCount(filters) > 0 || filters.q !== undefined} />
      <SearchField
        q={filters.q ?? ''}
        label="Search messages by type, key, payload and headers"
        placeholder={isNarrow ? 'Search' : 'Type, key, payload…'}
      />
      <FilterMenu filters={filters} open={filtering} onOpen={setFiltering} />
      {replayed ? null : (
        <>
          <Button small onClick={() => setPaused(!paused)}>
            <Icon name={paused ? 'play' : 'pause'} size={12} />
            {paused ? 'Resume' : 'Pause'}
          </Button>
          <IconButton className="max-[1599px]:hidden" variant="plain" label="Clear" onClick={clear}>
            <Icon name="trash" size={12} />
          </IconButton>
        </>
      )}
      <ToolsMenu label="More tools" tools={tools} count={isNarrow ? filterCount(filters) : 0} />
    </DockTools>
  )
}

const columnWords = { key: 'key', ref: 'broker’s id', attempts: 'attempts', settled: 'settled in' }

/** What is listed, a message a line, oldest first. */
function exportRows(): void {
  const { rows } = useMessages.getState()
  saveFile('messages.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'application/x-ndjson')
}

function TailState({ filtered }: { filtered: boolean }) {
  const rate = useLive(publishedPerSecond)
  const skipped = useLive((live) => live.tail.skipped)
  const published = useLive((live) =>
    live.topology.nodes.reduce((sum, { id, kind }) => (kind === 'topic' ? sum + (live.nodes[id]?.total ?? 0) : sum), 0),
  )
  const { paused, atBottom, rows } = useMessages()
  const replayed = useIsReplayed()
  const isNarrow = useIsBelow(1_440)
  const words = [
    replayed ? 'The newest of then' : paused ? 'Paused' : atBottom ? 'Following' : 'Standing still',
    ...(isNarrow ? [] : [listedWords(rows.length, filtered ? undefined : published)]),
    `${rate.toFixed(rate > 0 && rate < 100 ? 1 : 0)}/s`,
    ...(skipped > 0 && !paused ? [`${count(skipped)} skipped`] : []),
  ]
  return (
    <span
      className="inline-flex min-w-0 items-center gap-1.5 truncate text-fg-3"
      title={
        skipped > 0 ? 'More arrive than can be read: these are counted and can be searched, but not listed.' : undefined
      }
    >
      <Status tone={paused || !atBottom ? 'idle' : 'delivered'} glyph={paused || !atBottom ? 'paused' : 'up'} />
      {words.join(' · ')}
    </span>
  )
}
