import type { ReactNode } from 'react'
import type { Fault, FaultState } from '#contracts/faults/fault.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { progressClass } from '#web/ui/recipes/progress.ts'
import { faultStateView } from './fault-words.ts'

/** The card of a fault: a red edge at its left, broken for one that is not in effect yet or no more. */
export const faultCardClass = (state: FaultState): string =>
  cn(
    "relative grid gap-2 overflow-hidden rounded-md border border-border bg-raised pt-2 pr-3 pb-3 pl-4 before:absolute before:inset-y-0 before:left-0 before:w-0.75 before:bg-fault before:content-['']",
    (state === 'scheduled' || state === 'healing') &&
      'before:bg-transparent before:bg-[repeating-linear-gradient(var(--fault)_0_4px,transparent_4px_8px)]',
  )

/** Its type, and its state if that is not the usual one; `children` are at the end. */
export function FaultTitle({ fault, children }: { fault: Fault; children: ReactNode }) {
  const { icon, word } = faultStateView[fault.state]
  return (
    <div className="flex items-center gap-1.5 font-semibold">
      <Icon className="text-fault" name={icon} />
      <code className="text-[12px] font-semibold">{fault.type}</code>
      {fault.state === 'active' ? null : <span className="font-normal text-fg-3">{word}</span>}
      <span className="flex-1" />
      {children}
    </div>
  )
}

/** How much of its time has passed, 0–1; nothing for one that lasts until it is healed. */
export const FaultProgress = ({ share }: { share: number | undefined }) =>
  share === undefined ? null : (
    <div className={cn(progressClass, '[--tone:var(--fault)]')}>
      <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  )
