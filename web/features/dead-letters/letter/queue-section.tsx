'use client'

import type { TopologyNode } from '#contracts/api/topology.ts'
import { openDock } from '#web/live/dock-event.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { redrivePatch } from '../letter-link.ts'

/** In the drawer of a dead-letter queue: the way to its letters, and back to their group. */
export function DeadLetterQueueSection({ node }: { node: TopologyNode }) {
  const group = useLive((live) => {
    const consumer = live.topology.edges.find(({ to }) => to === node.id)?.from
    return live.topology.nodes.find(({ id }) => id === consumer)?.name
  })
  const depth = useLive((live) => live.nodes[node.id]?.depth ?? 0)
  if (group === undefined || depth === 0) return null
  return (
    <Section title="Letters" aside={`given up by ${group}`}>
      <div className="flex min-w-0 items-center gap-2">
        <RouteLink
          className={buttonClass('plain', true)}
          path="/"
          patch={{ dock: 'dead-letters', group, q: undefined }}
          onClick={openDock}
        >
          <Icon name="list" size={12} />
          Show by cause
        </RouteLink>
        <RouteLink className={buttonClass('plain', true)} path="/" patch={redrivePatch(`group:${group}`)}>
          <Icon name="retry" size={12} />
          Redrive all of {group}…
        </RouteLink>
      </div>
    </Section>
  )
}
