'use client'
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { ChartsTab } from '#web/features/charts/charts-tab.tsx'
import { useDeadLetterCount } from '#web/features/dead-letters/dead-letter-counts.ts'
import { DeadLettersTab } from '#web/features/dead-letters/dead-letters-tab.tsx'
import { EventLogTab } from '#web/features/event-log/event-log-tab.tsx'
import { MessagesTab } from '#web/features/messages/messages-tab.tsx'
import { OutboxTab } from '#web/features/outbox/outbox-tab.tsx'
import { dockEvent } from '#web/live/dock-event.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { IconButton } from '#web/ui/button.tsx'
import { dockToolsId } from '#web/ui/dock-tools.tsx'
import { ErrorBoundary } from '#web/ui/error-boundary.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Tabs, tabId, tabPanelId } from '#web/ui/tabs.tsx'
import { count } from '../words/figures.ts'
import { closedHeight, nextHeight, openHeight, readHeight, storeHeight, tallHeight } from './dock-height.ts'

const tabs = [
  { value: 'messages', label: 'Live messages' },
  { value: 'dead-letters', label: <DeadLettersLabel /> },
  { value: 'outbox', label: 'Outbox' },
  { value: 'charts', label: 'Charts' },
  { value: 'log', label: 'Event log' },
] as const
type DockTab = (typeof tabs)[number]['value']

const isTab = (value: string | undefined): value is DockTab => tabs.some((tab) => tab.value === value)

/**
 * What happened, below the graph. CLOSED (its bar) ⇄ OPEN ⇄ TALL; any height between can be dragged. Beside a sheet it
 * starts closed, because the sheet took its width.
 */
export function Dock({ besideSheet }: { besideSheet: boolean }) {
  const asked = useParam('dock')
  const tab: DockTab = isTab(asked) ? asked : 'messages'
  const [height, setHeight] = useState(openHeight)
  const [openedBeside, setOpenedBeside] = useState(false)
  useEffect(() => setHeight(readHeight()), [])
  useEffect(() => {
    if (!besideSheet) setOpenedBeside(false)
  }, [besideSheet])

  const resize = (to: number): void => {
    setHeight(to)
    storeHeight(to)
    if (to > closedHeight) setOpenedBeside(true)
  }
  const shown = besideSheet && !openedBeside ? closedHeight : height
  const closed = shown <= closedHeight
  const open = (value: DockTab): void => {
    setParams({ dock: value === 'messages' ? undefined : value }, { replace: true })
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
  return (
    <section
      id="dock"
      tabIndex={-1}
      className={`dock ${closed ? 'dock--closed' : ''}`}
      aria-label="Dock"
      style={{ height: shown + 1 }}
    >
      <Grip height={shown} onResize={resize} />
      <div className="dock__bar">
        <Tabs group="dock" label="Dock" value={closed ? undefined : tab} tabs={[...tabs]} onChange={open} />
        <div className="dock__tools">
          <div id={dockToolsId} className="row" />
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
        <div className="dock__body" id={tabPanelId('dock')} role="tabpanel" aria-labelledby={tabId('dock', tab)}>
          <ErrorBoundary key={tab} name="This tab">
            <TabBody tab={tab} />
          </ErrorBoundary>
        </div>
      )}
    </section>
  )
}

function TabBody({ tab }: { tab: DockTab }) {
  switch (tab) {
    case 'messages':
      return <MessagesTab />
    case 'dead-letters':
      return <DeadLettersTab />
    case 'outbox':
      return <OutboxTab />
    case 'charts':
      return <ChartsTab />
    case 'log':
      return <EventLogTab />
  }
}

function DeadLettersLabel() {
  const found = useDeadLetterCount()
  return <>Dead letters {found === 0 ? null : <span className="count count--dead">{count(found)}</span>}</>
}

/** The upper edge of the dock: drag it, or move it with the arrow keys. */
function Grip({ height, onResize }: { height: number; onResize: (height: number) => void }) {
  const from = useRef<{ y: number; height: number }>(undefined)
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = nextHeight(height, event.key)
    if (to === undefined) return
    event.preventDefault()
    onResize(to)
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { y: event.clientY, height }
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!from.current) return
    const most = Math.max(tallHeight, window.innerHeight * 0.7)
    onResize(Math.round(Math.min(most, Math.max(closedHeight, from.current.height + from.current.y - event.clientY))))
  }
  return (
    <hr
      className="dock__grip"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the dock"
      aria-valuenow={height}
      aria-valuemin={closedHeight}
      aria-valuemax={tallHeight}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        from.current = undefined
      }}
    />
  )
}
