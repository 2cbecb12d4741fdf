'use client'
import { useHasAudit } from '#web/features/ledger/audit-tab.tsx'
import { useIsReplayed } from '#web/live/replay.ts'
import { go } from '#web/live/url-state.ts'
import { type MenuTool, ToolsMenu } from '#web/ui/tools-menu.tsx'

/** What a narrow bar has no room for: the other views, the burst, the last audit, and the keys. */
export function MoreMenu({ onHelp }: { onHelp: () => void }) {
  const replayed = useIsReplayed()
  const hasAudit = useHasAudit()
  const tools: MenuTool[] = [
    { icon: 'graph', label: 'Topology', run: () => go('/', { node: undefined, edge: undefined, message: undefined }) },
    { icon: 'flask', label: 'Scenarios', run: () => go('/scenarios') },
    { icon: 'list', label: 'Event types', run: () => go('/event-types') },
    ...(replayed ? [] : [{ icon: 'queue' as const, label: 'Queues', run: () => go('/queues') }]),
    ...(replayed ? [] : [{ icon: 'burst' as const, label: 'Burst', run: () => go('/publish/burst') }]),
    ...(hasAudit && !replayed
      ? [{ icon: 'pass' as const, label: 'Last audit', run: () => go('/', { dock: 'audit' }) }]
      : []),
    { icon: 'help', label: 'Help', run: onHelp },
  ]
  return <ToolsMenu label="More" icon="menu" look="bar" tools={tools} className="min-[960px]:hidden" />
}
