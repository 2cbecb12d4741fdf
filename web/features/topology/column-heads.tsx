'use client'
import { useStore } from '@xyflow/react'
import { cn } from '#web/ui/recipes/cn.ts'
import type { GraphLayout } from './graph-layout.ts'

/** Heads of the columns: they move sideways with the graph and stay on top of it. */
export function ColumnHeads({ columns, tiles }: { columns: GraphLayout['columns']; tiles: boolean }) {
  const x = useStore((flow) => flow.transform[0])
  const zoom = useStore((flow) => flow.transform[2])
  return columns.map((column) => (
    <span
      key={column.label}
      className={cn('absolute top-3 type-11 whitespace-nowrap text-fg-3', tiles && '-translate-x-1/2')}
      style={{ left: x + (tiles ? column.x + column.width / 2 : column.x) * zoom }}
    >
      {tiles ? column.shortLabel : column.label}
    </span>
  ))
}
