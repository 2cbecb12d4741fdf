'use client'
import { ChartsTab } from '#web/features/charts/charts-tab.tsx'
import { useDeadLetterCount } from '#web/features/dead-letters/dead-letter-counts.ts'
import { DeadLettersTab } from '#web/features/dead-letters/dead-letters-tab.tsx'
import { EventLogTab } from '#web/features/event-log/event-log-tab.tsx'
import { FlowsTab } from '#web/features/flows/flows-tab.tsx'
import { AuditTab } from '#web/features/ledger/audit-tab.tsx'
import { MessagesTab } from '#web/features/messages/messages-tab.tsx'
import { OutboxTab } from '#web/features/outbox/outbox-tab.tsx'
import { OnlyNow } from '#web/features/replay/only-now.tsx'
import { useLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { setParams } from '#web/live/url-state.ts'
import { countClass } from '#web/ui/recipes/count.ts'
import { count } from '../words/figures.ts'

/** What happened, in parts: `?dock=`. */
export const dockTabs = ['messages', 'flows', 'dead-letters', 'outbox', 'charts', 'log', 'audit'] as const
export type DockTab = (typeof dockTabs)[number]

/** The tab that the address asks for; messages where it asks for none that is known. */
export const dockTabOf = (asked: string | undefined): DockTab => dockTabs.find((tab) => tab === asked) ?? 'messages'

/** Shows a part; `undefined` represents the messages, so that the address of the lab itself stays short. */
export const openDockTab = (tab: string): void =>
  setParams({ dock: tab === 'messages' ? undefined : tab }, { replace: true })

export function DockTabBody({ tab }: { tab: DockTab }) {
  switch (tab) {
    case 'messages':
      return <MessagesTab />
    case 'flows':
      return (
        <OnlyNow what="Single flows">
          <FlowsTab />
        </OnlyNow>
      )
    case 'dead-letters':
      return (
        <OnlyNow what="Dead letters">
          <DeadLettersTab />
        </OnlyNow>
      )
    case 'outbox':
      return (
        <OnlyNow what="Rows and mails">
          <OutboxTab />
        </OnlyNow>
      )
    case 'charts':
      return <ChartsTab />
    case 'log':
      return <EventLogTab />
    case 'audit':
      return (
        <OnlyNow what="Audits">
          <AuditTab />
        </OnlyNow>
      )
  }
}

/** Whether the lab declares flows: without any there is nothing to list. */
export const useHasFlows = (): boolean => useLive((live) => live.flows.length > 0)

/** They are live as long as the screen is. */
export function MessagesLabel() {
  return useIsReplayed() ? 'Messages' : 'Live messages'
}

/** With their number, if there are any. */
export function DeadLettersLabel() {
  const found = useDeadLetterCount()
  return <>Dead letters {found === 0 ? null : <span className={countClass({ tone: 'dead' })}>{count(found)}</span>}</>
}
