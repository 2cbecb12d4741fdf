'use client'
import type { ReactNode } from 'react'
import { isOver } from '#web/features/faults/fault-words.ts'
import { FaultsLabel } from '#web/features/faults/faults-label.tsx'
import { useLive } from '#web/live/live-store.ts'
import { go, usePlace } from '#web/live/url-state.ts'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { Tabs } from '#web/ui/tabs.tsx'
import { DeadLettersLabel, dockTabOf, useHasFlows } from './dock-tabs.tsx'

/** What the column of a narrow window shows: a part of the dock, or the faults, which have a drawer in a wide one. */
export const narrowTabOf = (asked: string | undefined) => (asked === 'faults' ? 'faults' : dockTabOf(asked))
type NarrowTab = ReturnType<typeof narrowTabOf>

/** What lies over the column, and goes when a tab is chosen. */
const nothingOpen = {
  node: undefined,
  edge: undefined,
  message: undefined,
  flow: undefined,
  attempt: undefined,
  letter: undefined,
  redrive: undefined,
  graph: undefined,
  panel: undefined,
  tab: undefined,
}

const labels: { value: NarrowTab; icon: IconName; label: ReactNode }[] = [
  { value: 'messages', icon: 'list', label: 'Messages' },
  { value: 'flows', icon: 'flow', label: 'Flows' },
  { value: 'dead-letters', icon: 'dlq', label: <DeadLettersLabel /> },
  { value: 'faults', icon: 'bolt', label: <StandingFaults /> },
  { value: 'outbox', icon: 'mail', label: 'Outbox' },
  { value: 'charts', icon: 'chart', label: 'Charts' },
  { value: 'log', icon: 'log', label: 'Log' },
  { value: 'audit', icon: 'pass', label: 'Audit' },
]

/** The tabs of a narrow window, at its foot. */
export function NarrowTabs() {
  const place = usePlace()
  const asked = place?.query.get('dock') ?? undefined
  const hasFlows = useHasFlows()
  return (
    <Tabs
      className="h-10 gap-0 border-t border-b-0 bg-surface px-0 *:min-w-0 *:flex-1 *:justify-center"
      group="narrow"
      label="What happened"
      // A wide view has the column for itself: none of them is open then.
      value={place?.path === '/queues' ? undefined : narrowTabOf(asked)}
      tabs={labels
        .filter(
          ({ value }) => (value !== 'flows' || hasFlows || asked === 'flows') && (value !== 'audit' || asked === value),
        )
        .map(({ value, icon, label }) => ({
          value,
          label: (
            <>
              <Icon name={icon} className="max-[679px]:hidden" />
              {label}
            </>
          ),
        }))}
      onChange={(value) => go('/', { ...nothingOpen, dock: value === 'messages' ? undefined : value })}
    />
  )
}

function StandingFaults() {
  const standing = useLive((live) => live.faults.reduce((sum, fault) => sum + (isOver(fault) ? 0 : 1), 0))
  return <FaultsLabel count={standing} />
}
