import { cva } from 'class-variance-authority'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { cn } from './recipes/cn.ts'

type Variant = 'plain' | 'primary' | 'ghost' | 'fault'

const button = cva(
  [
    'inline-flex h-control items-center justify-center gap-1.5 rounded-md border px-2.5 py-0 type-12 font-medium whitespace-nowrap',
    'transition-[background-color] hover:bg-hover hover:no-underline icon:text-fg-2 [&_kbd]:ml-0.5',
    'disabled:cursor-not-allowed disabled:border-border disabled:bg-transparent disabled:text-fg-3 disabled:icon:text-fg-3',
  ],
  {
    variants: {
      variant: {
        plain: 'border-border bg-raised text-fg',
        primary:
          'border-primary bg-primary text-on-primary hover:bg-primary icon:text-inherit [&_kbd]:border-[#ffffff66] [&_kbd]:text-on-primary',
        ghost: 'border-transparent bg-transparent text-fg-2',
        fault: 'border-fault-border bg-fault-bg text-fault-fg icon:text-fault',
      },
      small: { true: 'h-6 rounded-sm px-2' },
      iconOnly: { true: 'w-control px-0' },
    },
    compoundVariants: [{ small: true, iconOnly: true, class: 'w-6' }],
  },
)

/** Class names of a button, for links that look like one. */
export const buttonClass = (variant: Variant = 'plain', small = false, iconOnly = false): string =>
  cn(button({ variant, small, iconOnly }))

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant
  small?: boolean
  children: ReactNode
}

/** A button with words. It never submits a form unless `type="submit"` is given. */
export function Button({ variant = 'plain', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={cn(buttonClass(variant, small), className)} {...rest} />
}

/** A button that is only an icon; `label` is its name for those who do not see it, and its tooltip. */
export function IconButton({
  label,
  variant = 'ghost',
  small = true,
  className,
  type = 'button',
  ...rest
}: ButtonProps & { label: string }) {
  return (
    <button
      type={type}
      className={cn(buttonClass(variant, small, true), className)}
      aria-label={label}
      title={label}
      {...rest}
    />
  )
}
