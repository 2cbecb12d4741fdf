'use client'
import type { NodeState, TopologyNode } from '#contracts/api/topology.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Status } from '#web/ui/status.tsx'
import { iconOf, kindOf, stateView } from '../../nodes/node-words.ts'
import { useGraphView } from '../graph-context.ts'

/** The first line of a card: what it is, its name, and the glyph of its state where it has one. */
export function CardHead({ node, name, state }: { node: TopologyNode; name: string; state: NodeState | undefined }) {
  const draft = useGraphView().draft
  const change = draft?.added.has(node.id) ? 'new' : draft?.gone.has(node.id) ? 'goes' : undefined
  return (
    <header className="flex h-5 items-center gap-1.5">
      <Icon className="text-fg-3" name={iconOf(node)} />
      <span className="flex-1 truncate type-12 leading-5 font-medium tracking-[-0.005em]" title={node.name}>
        {name}
        <span className="text-[0px]">, {kindOf(node)}</span>
      </span>
      {change ? (
        <span className="rounded-sm border border-accent px-1 type-11 leading-3.5 text-accent-fg">{change}</span>
      ) : state === undefined ? null : (
        <span className="inline-flex items-center gap-1 type-11 text-fg-3 glyph:size-2.5 glyph:text-[var(--tone,var(--text-3))] glyph:[--ink:var(--raised)]">
          <Status tone={stateView[state].tone} glyph={stateView[state].glyph} label={stateView[state].word} />
        </span>
      )}
    </header>
  )
}
