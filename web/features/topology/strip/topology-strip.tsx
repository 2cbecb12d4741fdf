'use client'
import { useMemo } from 'react'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { useFaultMap } from '#web/features/faults/use-fault-map.ts'
import { tileWords } from '#web/features/nodes/card-words.ts'
import { iconOf, kindOf, shortName } from '#web/features/nodes/node-words.ts'
import { rate } from '#web/features/words/figures.ts'
import { useLive } from '#web/live/live-store.ts'
import { publishedPerSecond } from '#web/live/published-rate.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { selectedLook } from '../graph-context.ts'
import { sourcesOf, stripLanes } from './strip-lanes.ts'

/** The graph as a strip: one line, and below it, when open, a lane for each group. */
export function TopologyStrip({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const topology = useLive((live) => live.topology)
  const lanes = useMemo(() => stripLanes(topology), [topology])
  const sources = useMemo(() => sourcesOf(topology), [topology])
  const published = useLive(publishedPerSecond)
  return (
    <section className="min-w-0 border-b border-line bg-canvas" aria-label="Topology">
      <div className="flex h-9 items-center gap-2 px-3">
        <button
          type="button"
          className="inline-flex h-7 items-center gap-2 rounded-sm border-0 bg-transparent px-1 type-12 font-medium hover:bg-hover"
          aria-expanded={open}
          onClick={onToggle}
        >
          <Icon name={open ? 'down' : 'right'} size={12} />
          Topology
        </button>
        <span className="min-w-0 truncate text-fg-3">
          {lanes.length === 1 ? '1 lane' : `${lanes.length} lanes`}, {rate(published)}/s published
        </span>
        <span className="flex-1" />
        <Button small onClick={() => setParams({ graph: 'full' })}>
          <Icon name="fit" size={12} />
          Full graph
        </Button>
      </div>
      {open ? (
        <div className="grid max-h-20 grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 overflow-auto px-4 pb-2">
          <div className="grid gap-2">
            {sources.map((node) => (
              <StripNode key={node.id} node={node} />
            ))}
          </div>
          <ul className="grid min-w-0 gap-1.5">
            {lanes.map((lane) => (
              <li key={lane.id} className="flex min-w-0 items-center gap-3">
                {lane.nodes.map((node) => (
                  <StripNode key={node.id} node={node} arrow />
                ))}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}

function StripNode({ node, arrow = false }: { node: TopologyNode; arrow?: boolean }) {
  const words = useLive((live) => tileWords(node, live.nodes[node.id], undefined))
  const faulty = useFaultMap((map) => map.nodes.has(node.id))
  const selected = useParam('node') === node.id
  return (
    <RouteLink
      className={cn(
        'relative flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-md border border-border bg-raised px-2 whitespace-nowrap text-fg hover:bg-hover hover:no-underline',
        arrow &&
          "before:absolute before:top-1/2 before:-left-3 before:h-px before:w-2.75 before:bg-(--edge) before:content-['']",
        faulty && 'border-fault-border bg-fault-bg text-fault-fg',
        selected && selectedLook,
      )}
      patch={{ node: node.id, edge: undefined, message: undefined }}
      title={`${node.name}, ${kindOf(node)}: ${words}${faulty ? ', under fault' : ''}`}
    >
      <Icon name={faulty ? 'bolt' : iconOf(node)} size={12} className={faulty ? 'text-fault' : 'text-fg-3'} />
      <span className="min-w-0 truncate font-medium">{shortName(node).replace(/^consumer-/, '')}</span>
      <span className="sr-only">, {kindOf(node)}</span>
      <span className="ml-auto truncate type-11 text-fg-3">{words}</span>
    </RouteLink>
  )
}
