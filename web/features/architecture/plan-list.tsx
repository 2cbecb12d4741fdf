import type { LabPlanLine } from '#contracts/api/lab.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'

const marks: Record<LabPlanLine['mark'], { sign: string; word: string; look: string }> = {
  '+': { sign: '+', word: 'added', look: 'text-accent-fg' },
  '~': { sign: '~', word: 'changed', look: 'text-accent-fg' },
  '-': { sign: '−', word: 'removed', look: 'text-lost-fg' },
  '=': { sign: '=', word: 'stays', look: 'text-fg-3' },
}

/** What applying a draft does, line by line. */
export const PlanList = ({ plan }: { plan: readonly LabPlanLine[] }) => (
  <ul aria-label="Plan of changes">
    {plan.map(({ mark, what, name, change, onApply }) => {
      const { sign, word, look } = marks[mark]
      return (
        <li
          key={`${mark} ${what} ${name} ${change}`}
          className="grid min-h-6 grid-cols-[16px_64px_minmax(80px,140px)_1fr_auto] items-baseline gap-x-2 border-t border-line py-1 first:border-t-0"
        >
          <span className={cn('mono font-semibold', look)} aria-hidden="true">
            {sign}
          </span>
          <span className="text-fg-3">
            {what}
            <span className="sr-only">, {word}</span>
          </span>
          <span className={cn('min-w-0 truncate', mark === '=' ? 'text-fg-2' : 'font-medium text-fg')} title={name}>
            {name}
          </span>
          <span className="min-w-0 wrap-anywhere text-fg-2">{change}</span>
          <span className={cn('whitespace-nowrap', mark === '=' ? 'text-fg-3' : 'font-medium')}>{onApply}</span>
        </li>
      )
    })}
  </ul>
)

/** What the plan comes to, in one line. */
export function PlanSum({ plan }: { plan: readonly LabPlanLine[] }) {
  const of = (mark: LabPlanLine['mark']): number => plan.filter((line) => line.mark === mark).length
  const parts = [
    [of('+'), 'added'],
    [of('~'), 'changed'],
    [of('-'), 'removed'],
    [of('='), 'as they are'],
  ] as const
  return (
    <span className="inline-flex items-center gap-1.5 text-fg-2">
      <Icon name="list" size={12} />
      {parts
        .filter(([number]) => number > 0)
        .map(([number, word]) => `${number} ${word}`)
        .join(', ')}
    </span>
  )
}
