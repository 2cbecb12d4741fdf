'use client'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { openDock } from '#web/live/dock-event.ts'
import { useIsReplayed } from '#web/live/replay.ts'
import { type Patch, setParams } from '#web/live/url-state.ts'
import { copyText } from '#web/ui/browser/copy-text.ts'
import { type MenuTool, ToolsMenu } from '#web/ui/tools-menu.tsx'
import { noFilters } from '../messages/message-filters.ts'

/** The filters by which the list of messages shows those of a node; undefined if it cannot choose them. */
function messagesOf({
  kind,
  name,
  retry,
}: TopologyNode): { group?: string; topic?: string; state?: string } | undefined {
  if (kind === 'topic') return { topic: name }
  if (kind === 'queue' || kind === 'consumer') return { group: name }
  if (retry) return { group: retry.group, state: 'retrying' }
  return undefined
}

/** What can be done with a node beyond its tabs. */
export function NodeMenu({ node }: { node: TopologyNode }) {
  const replayed = useIsReplayed()
  const filters = messagesOf(node)
  const tools: MenuTool[] = [
    ...(filters === undefined
      ? []
      : [
          {
            icon: 'list' as const,
            label: 'Show its messages',
            run: () => inDock({ ...noFilters, ...filters, dock: undefined }),
          },
        ]),
    ...(node.kind === 'dead_letter_queue'
      ? [{ icon: 'dlq' as const, label: 'Show its dead letters', run: () => showLetters(node.name) }]
      : []),
    ...(replayed
      ? []
      : [
          {
            icon: 'bolt' as const,
            label: 'Inject a fault…',
            run: () => setParams({ tab: 'faults' }, { replace: true }),
          },
        ]),
    { icon: 'link', label: 'Copy a link to it', run: () => void copyText(window.location.href) },
  ]
  return <ToolsMenu label="More about this node" look="head" tools={tools} />
}

function inDock(patch: Patch): void {
  setParams(patch)
  openDock()
}

const showLetters = (queue: string): void =>
  inDock({ dock: 'dead-letters', group: queue.replace(/-dead-letters$/, ''), q: undefined })
