'use client'
import { cn } from '#web/ui/recipes/cn.ts'
import { useGuideMark } from './guide-marks.ts'
import type { MarkPlace } from './guide-steps.ts'

const ringClass =
  'grid size-4.5 place-items-center rounded-full bg-accent type-11 leading-none font-semibold text-on-primary'

/** The number of what the open step asks to look at, as its list has it. */
export const WatchNumber = ({ number, className }: { number: number; className?: string }) => (
  <span className={cn(ringClass, className)}>
    <span className="sr-only">watch </span>
    {number}
  </span>
)

/** That number on the corner of a node, while there is one. */
export function NodeGuideMark({ node }: { node: string }) {
  const number = useGuideMark({ node })
  return number === undefined ? null : <WatchNumber number={number} className="absolute -top-2.25 -left-2.25 z-1" />
}

/** That number within a figure of the ledger bar, while there is one. */
export function FigureGuideMark({ figure }: { figure: string }) {
  const number = useGuideMark({ figure } as MarkPlace)
  return number === undefined ? null : <WatchNumber number={number} />
}
