import { Icon } from './icon.tsx'
import { cn } from './recipes/cn.ts'

/** The label around a check box and its mark; the mark shows the focus of the box. */
export const checkRow = 'group/check relative flex min-w-0 cursor-pointer items-center gap-2'

/** The square of a check box, which itself is only heard: empty, ticked, or with a line where some of many are ticked. */
export const CheckMark = ({ state }: { state: 'off' | 'on' | 'some' }) => (
  <span
    className={cn(
      'inline-grid size-3.5 flex-none place-items-center rounded-[3px] border border-border-strong bg-raised text-on-primary',
      'group-focus-within/check:outline-2 group-focus-within/check:outline-offset-1 group-focus-within/check:outline-accent',
      state !== 'off' && 'border-primary bg-primary',
    )}
    aria-hidden="true"
  >
    {state === 'off' ? null : (
      <Icon name={state === 'on' ? 'check' : 'minus'} className="size-2.5 stroke-[3.75] text-inherit" />
    )}
  </span>
)
