import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Variant = 'plain' | 'primary' | 'ghost'

/** Class names of a button, for links that look like one. */
export function buttonClass(variant: Variant = 'plain', small = false, iconOnly = false): string {
  return ['btn', variant !== 'plain' && `btn--${variant}`, small && 'btn--sm', iconOnly && 'btn--icon']
    .filter(Boolean)
    .join(' ')
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant
  small?: boolean
  children: ReactNode
}

/** A button with words. It never submits a form unless `type="submit"` is given. */
export function Button({ variant = 'plain', small = false, className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(variant, small)} ${className}`} {...rest} />
}

/** A button that is only an icon; `label` is its name for those who do not see it, and its tooltip. */
export function IconButton({
  label,
  variant = 'ghost',
  small = true,
  className = '',
  type = 'button',
  ...rest
}: ButtonProps & { label: string }) {
  return (
    <button
      type={type}
      className={`${buttonClass(variant, small, true)} ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    />
  )
}
