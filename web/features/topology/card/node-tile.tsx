'use client'
import { useStore } from '@xyflow/react'
import type { ReactNode } from 'react'
import type { NodeState, TopologyNode } from '#contracts/api/topology.ts'
import { FaultPill } from '#web/features/faults/fault-pill.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { iconOf, kindOf, stateView } from '../../nodes/node-words.ts'
import { foldsOf } from '../../nodes/retry-nodes.ts'
import { isStack } from '../../nodes/topic-stacks.ts'
import { dimmed, draftLook, isSelected, isServiceDim, selectedLook, useGraphView } from '../graph-context.ts'
import { stackedEdges } from '../topics/stack-look.ts'

interface NodeTileProps {
  node: TopologyNode
  /** Of a service, where its queue is folded into the tile. */
  queue?: string | undefined
  name: ReactNode
  state: NodeState
  /** The second line. */
  words: string
  /** Room for a line of the label, in pixels on the screen; without it the label is as wide as its words. */
  labelRoom?: number
  /** Within the square, at its left edge. */
  strip?: ReactNode
}

/** A node as a square of one size on the screen, with two lines below it. */
export function NodeTile({ node, name, state, words, labelRoom, strip, queue }: NodeTileProps) {
  const view = useGraphView()
  const isNamed = view.tileNames === 'all' || (view.tileNames === 'services' && node.kind !== 'topic')
  // Beside cards a tile grows and shrinks with them.
  const scale = useStore((flow) => (view.tiles ? 1 / flow.transform[2] : 1))
  return (
    <div
      className={cn(
        'absolute top-0 left-1/2 flex origin-top flex-col items-center',
        foldsOf(node).every((id) => isServiceDim(view, id, queue)) && dimmed,
      )}
      style={{ transform: `translateX(-50%) scale(${scale})` }}
    >
      <span
        className={cn(
          'relative mb-1 grid size-9 place-items-center rounded-md border border-border bg-raised text-fg-2',
          isStack(node) && stackedEdges,
          isSelected(view, foldsOf(node)) && selectedLook,
          draftLook(view, ...foldsOf(node)),
        )}
      >
        {strip}
        <Icon name={iconOf(node)} size={16} />
        {state === 'up' ? null : (
          <span className={toneClass[stateView[state].tone]}>
            <Glyph name={stateView[state].glyph} className="absolute -top-1.25 -right-1.25 size-3 [--ink:var(--bg)]" />
          </span>
        )}
        <FaultPill nodes={foldsOf(node)} tile />
      </span>
      <span
        className={
          isNamed
            ? 'truncate rounded-t-[3px] rounded-b-none bg-canvas px-0.75 type-11 leading-3.5 font-medium whitespace-nowrap text-fg'
            : 'sr-only'
        }
        style={labelRoom === undefined ? undefined : { maxWidth: labelRoom }}
        title={labelRoom === undefined ? undefined : node.name}
      >
        {name}
        <span className="text-[0px]">, {kindOf(node)}</span>
      </span>
      <span
        className={
          isNamed && view.tileFigures
            ? 'truncate bg-canvas px-0.75 type-11 leading-3.5 whitespace-nowrap text-fg-3'
            : 'sr-only'
        }
        style={labelRoom === undefined ? undefined : { maxWidth: labelRoom }}
      >
        {words}
      </span>
    </div>
  )
}
