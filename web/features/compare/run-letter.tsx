import { cn } from '#web/ui/recipes/cn.ts'

/** `A` or `B`, wherever one of the two runs is meant. */
export const RunLetter = ({ side }: { side: 'a' | 'b' }) => (
  <span
    className={cn(
      'inline-grid size-4 flex-none place-items-center rounded-sm type-11 font-semibold',
      side === 'a' ? 'bg-primary text-on-primary' : 'bg-fg text-surface',
    )}
  >
    {side.toUpperCase()}
  </span>
)
