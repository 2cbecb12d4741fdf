import { cva } from 'class-variance-authority'
import { type ReactNode, useId } from 'react'
import { cn } from './recipes/cn.ts'

export interface SegOption<V extends string> {
  value: V
  label: ReactNode
}

/** The frame around a few choices, side by side. */
export const segClass = 'inline-flex h-control rounded-md border border-border bg-sunken p-0.5'

/** One of the choices; `on` is the chosen one. */
export const segItem = cva(
  'inline-flex h-5.5 items-center justify-center gap-1.5 rounded-sm border-0 bg-transparent px-2.5 py-0 font-medium whitespace-nowrap text-fg-2 no-underline',
  { variants: { on: { true: 'bg-raised text-fg shadow-[0_0_0_1px_var(--border)]' }, full: { true: 'flex-1 px-1' } } },
)

/** One of a few choices, side by side: real radio buttons, so the platform moves with the arrow keys. */
export function Seg<V extends string>({
  label,
  value,
  options,
  full = false,
  className,
  onChange,
}: {
  label: string
  value: V
  options: SegOption<V>[]
  full?: boolean
  className?: string
  onChange: (value: V) => void
}) {
  const name = useId()
  return (
    <div className={cn(segClass, full && 'flex', className)} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            segItem({ on: option.value === value, full }),
            'relative cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent',
          )}
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
