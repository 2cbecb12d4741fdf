'use client'
import { useStore } from '@xyflow/react'
import { useMemo } from 'react'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import type { DrawnNode } from '../use-drawing.ts'
import { type GroupBox, type OffViewGroup, offViewGroups } from './off-view.ts'

const arrows: Record<OffViewGroup['side'], IconName> = { left: 'right', right: 'right', top: 'up', bottom: 'down' }
const edges: Record<OffViewGroup['side'], string> = {
  left: 'left-2 -translate-y-1/2',
  right: 'right-2 -translate-y-1/2',
  // Below the heads of the columns, which are painted over the graph.
  top: 'top-10 -translate-x-1/2',
  // Above the foot of the canvas.
  bottom: 'bottom-12 -translate-x-1/2',
}

/** Pills at the edges of the canvas for groups of which nothing is in view; one brings its group there. */
export function OffViewPills({
  nodes,
  onShow,
}: {
  nodes: readonly DrawnNode[]
  onShow: (group: string, place: { x: number; y: number }) => void
}) {
  const [x, y, zoom] = useStore((flow) => flow.transform)
  const seen = useStore((flow) => `${flow.width} ${flow.height}`)
  const [width = 0, height = 0] = seen.split(' ').map(Number)
  const boxes = useMemo(() => boxesOf(nodes), [nodes])
  if (width === 0) return null
  return offViewGroups(boxes, { x, y, zoom, width, height }).map(({ group, side, at }) => (
    <button
      key={group.id}
      type="button"
      className={cn(
        'nopan absolute z-4 inline-flex h-6 cursor-pointer items-center gap-1 rounded-full border border-border bg-surface px-2 py-0 type-11 whitespace-nowrap text-fg-2 hover:bg-hover',
        edges[side],
      )}
      style={side === 'left' || side === 'right' ? { top: at } : { left: at }}
      aria-label={`${group.prefix} ${group.members} services, out of view`}
      onClick={() => onShow(group.id, { x: group.x + group.width / 2, y: group.y + group.height / 2 })}
    >
      {side === 'left' ? <Icon className="rotate-180" name={arrows[side]} size={12} /> : null}
      <b className="max-w-24 truncate font-semibold text-fg">{group.prefix}</b>
      {group.members}
      {side === 'left' ? null : <Icon name={arrows[side]} size={12} />}
    </button>
  ))
}

/** Groups as cards and as frames. */
const boxesOf = (nodes: readonly DrawnNode[]): GroupBox[] =>
  nodes.flatMap(({ id, type, data, position, width = 0, height = 0 }) =>
    (type === 'group' || type === 'frame') && 'group' in data
      ? [{ id, prefix: data.group.prefix, members: data.group.members.length, ...position, width, height }]
      : [],
  )
