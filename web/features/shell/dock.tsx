'use client'
import { type ReactNode, useEffect, useState } from 'react'
import { AuditLabel, useHasAudit } from '#web/features/ledger/audit-tab.tsx'
import { dockEvent } from '#web/live/dock-event.ts'
import { usePlace } from '#web/live/url-state.ts'
import { IconButton } from '#web/ui/button.tsx'
import { dockToolsId } from '#web/ui/dock-tools.tsx'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { DockGrip } from './dock-grip.tsx'
import { closedHeight, openHeight, readHeight, readingHeight, storeHeight } from './dock-height.ts'
import {
  DeadLettersLabel,
  type DockTab,
  DockTabBody,
  dockTabOf,
  MessagesLabel,
  openDockTab,
  useHasFlows,
} from './dock-tabs.tsx'

const tabs: { value: DockTab; label: ReactNode }[] = [
  { value: 'messages', label: <MessagesLabel /> },
  { value: 'flows', label: 'Flows' },
  { value: 'dead-letters', label: <DeadLettersLabel /> },
  { value: 'outbox', label: 'Outbox' },
  { value: 'charts', label: 'Charts' },
  { value: 'log', label: 'Event log' },
  { value: 'audit', label: <AuditLabel /> },
]

/**
 * What happened, below the graph. CLOSED (its bar) ⇄ OPEN ⇄ TALL; any height between can be dragged. Beside a sheet and
 * under a track it starts closed, because they took its room.
 */
export function Dock({ startsClosed }: { startsClosed: boolean }) {
  const query = usePlace()?.query
  const tab = dockTabOf(query?.get('dock') ?? undefined)
  const hasFlows = useHasFlows()
  const hasAudit = useHasAudit()
  const isThere: Partial<Record<DockTab, boolean>> = { flows: hasFlows, audit: hasAudit }
  const shownTabs = tabs.filter(({ value }) => value === tab || isThere[value] !== false)
  const [height, setHeight] = useState(openHeight)
  const [openedBeside, setOpenedBeside] = useState(false)
  useEffect(() => setHeight(readHeight()), [])
  useEffect(() => {
    if (!startsClosed) setOpenedBeside(false)
  }, [startsClosed])

  const resize = (to: number): void => {
    setHeight(to)
    storeHeight(to)
    if (to > closedHeight) setOpenedBeside(true)
  }
  const shown = startsClosed && !openedBeside ? closedHeight : height
  const closed = shown <= closedHeight
  const open = (value: DockTab): void => {
    openDockTab(value)
    setOpenedBeside(true)
    if (height <= closedHeight) resize(openHeight)
  }
  useEffect(() => {
    const openForReader = (): void => {
      setOpenedBeside(true)
      setHeight((now) => (now <= closedHeight ? openHeight : now))
    }
    window.addEventListener(dockEvent, openForReader)
    return () => window.removeEventListener(dockEvent, openForReader)
  }, [])
  // A mail, a letter or an audit is read, not glanced at: opening one makes room for it.
  const read = query?.get('letter') ?? (tab === 'outbox' ? query?.get('item') : tab === 'audit' ? tab : undefined)
  useEffect(() => {
    if (read) setHeight((now) => Math.max(now, readingHeight(window.innerHeight)))
  }, [read])
  // What lies over the graph ends above the dock.
  useEffect(() => {
    document.documentElement.style.setProperty('--dock-shown', `${shown + 1}px`)
  }, [shown])
  return (
    <section
      id="dock"
      tabIndex={-1}
      className={cn(
        'relative flex h-dock max-h-[75vh] min-w-0 flex-col border-t border-line bg-surface [grid-area:2/1] focus:outline-none',
        closed && 'h-9.25',
      )}
      aria-label="Dock"
      style={{ height: shown + 1 }}
    >
      <DockGrip height={shown} onResize={resize} />
      <div className="flex min-h-tabs flex-none flex-wrap items-stretch border-b border-line pr-3">
        <Tabs
          className="border-b-0"
          group="dock"
          label="Dock"
          value={closed ? undefined : tab}
          tabs={shownTabs}
          onChange={open}
        />
        <div className="ml-auto flex min-w-0 items-center gap-2 pl-4">
          <div
            id={dockToolsId}
            className="flex min-w-0 flex-wrap items-center justify-end gap-2 py-1 group-data-sheet/app:hidden"
          />
          <IconButton
            label={closed ? 'Open the dock' : 'Close the dock'}
            aria-expanded={!closed}
            onClick={() => (closed ? open(tab) : resize(closedHeight))}
          >
            <Icon name={closed ? 'up' : 'down'} />
          </IconButton>
        </div>
      </div>
      {closed ? null : (
        <div
          className="flex min-h-0 flex-1 flex-col overflow-hidden"
          data-fades=""
          id={tabPanelId('dock')}
          role="tabpanel"
          aria-labelledby={tabId('dock', tab)}
        >
          <ErrorBoundary key={tab} name="This tab">
            <DockTabBody tab={tab} />
          </ErrorBoundary>
        </div>
      )}
    </section>
  )
}
