import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from 'react'
import { Icon } from './icon.tsx'

/** A labelled field: label, `aside` beside it (a type, “required”), the control, a hint or what is wrong. */
export function Field({
  label,
  aside,
  htmlFor,
  hint,
  error,
  children,
}: {
  label: ReactNode
  aside?: ReactNode
  htmlFor: string
  hint?: ReactNode
  /** What is wrong; its element is `<htmlFor>-error`, for `aria-describedby`. */
  error?: string | undefined
  children: ReactNode
}) {
  return (
    <div className="field">
      <label htmlFor={htmlFor}>
        {label} {aside === undefined ? null : <em>{aside}</em>}
      </label>
      {children}
      {error === undefined ? null : (
        <p className="field__error" id={`${htmlFor}-error`}>
          {error}
        </p>
      )}
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  )
}

interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'size'> {
  mono?: boolean
  quiet?: boolean
  invalid?: boolean
  before?: ReactNode
  after?: ReactNode
  boxClass?: string
}

/** A text input in its box; `before` and `after` sit inside the box (an icon, a unit, a key). */
export function TextInput({ mono, quiet, invalid, before, after, boxClass = '', ...rest }: TextInputProps) {
  const classes = ['input', mono && 'input--mono', quiet && 'input--quiet', invalid && 'is-invalid', boxClass]
  return (
    <span className={classes.filter(Boolean).join(' ')}>
      {before}
      <input {...rest} aria-invalid={invalid || undefined} />
      {after}
    </span>
  )
}

/** The platform's own select in the looks of an input. */
export function Select({
  children,
  boxClass = '',
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { boxClass?: string }) {
  return (
    <span className={`input input--select ${boxClass}`}>
      <select {...rest}>{children}</select>
      <span className="caret">
        <Icon name="down" size={12} />
      </span>
    </span>
  )
}

/** A check box with its words. */
export function Check({
  checked,
  onChange,
  disabled = false,
  children,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  children: ReactNode
}) {
  return (
    <label className="row check-row">
      <input
        type="checkbox"
        className="sr"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className={`check ${checked ? 'is-on' : ''}`} aria-hidden="true">
        {checked ? <Icon name="check" /> : null}
      </span>
      {children}
    </label>
  )
}
