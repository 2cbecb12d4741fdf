import { cn } from '#web/ui/recipes/cn.ts'

const ringClass = {
  past: 'border-border-strong text-fg-2',
  current: 'border-accent bg-accent font-semibold text-surface',
  ahead: 'border-dashed border-border-strong text-fg-3',
} as const

interface ClauseRingProps {
  number: number
  /** Where its moment is beside the one that is shown. */
  place: keyof typeof ringClass
  /** Whether it is about a fault, which has a color of its own unless it is the current one. */
  isFault?: boolean
}

/** The number of a sentence in a ring, the same in the list of sentences and over the track of the replay. */
export const ClauseRing = ({ number, place, isFault = false }: ClauseRingProps) => (
  <span
    className={cn(
      'inline-flex h-5 min-w-5 items-center justify-center rounded-full border bg-surface px-0.5 type-11 tabular-nums',
      ringClass[place],
      place !== 'current' && isFault && 'border-fault text-fault-fg',
    )}
  >
    {number}
  </span>
)
