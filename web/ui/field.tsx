import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import { CheckMark, checkRow } from './check-mark.tsx'
import { Icon } from './icon.tsx'
import { cn } from './recipes/cn.ts'
import { fieldClass, inputBox, labelClass } from './recipes/input-box.ts'

/** A labelled field: label, `aside` beside it (a type, “required”), the control, a hint or what is wrong. */
export function Field({
  label,
  aside,
  htmlFor,
  hint,
  error,
  className,
  children,
}: {
  label: ReactNode
  aside?: ReactNode
  htmlFor: string
  hint?: ReactNode
  /** What is wrong; its element is `<htmlFor>-error`, for `aria-describedby`. */
  error?: string | undefined
  className?: string
  children: ReactNode
}) {
  return (
    <div className={cn(fieldClass, className)}>
      <label className={labelClass} htmlFor={htmlFor}>
        {label} {aside === undefined ? null : <em>{aside}</em>}
      </label>
      {children}
      {error === undefined ? null : (
        <p className="type-11 text-lost-fg" id={`${htmlFor}-error`}>
          {error}
        </p>
      )}
      {hint === undefined ? null : <p className="type-11 text-fg-3">{hint}</p>}
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

/** The id of what a `Field` says is wrong with its control. */
const errorOf = (id: string | undefined, invalid: boolean | undefined): string | undefined =>
  invalid && id !== undefined ? `${id}-error` : undefined

/** A text input in its box; `before` and `after` sit inside the box (an icon, a unit, a key). Its error is the `<id>-error` of its `Field`. */
export function TextInput({ mono, quiet, invalid, before, after, boxClass, ...rest }: TextInputProps) {
  return (
    <span className={cn(inputBox({ mono, quiet, invalid }), boxClass)}>
      {before}
      <input aria-describedby={errorOf(rest.id, invalid)} {...rest} aria-invalid={invalid || undefined} />
      {after}
    </span>
  )
}

/** A field of several lines in the box of an input, set as code; its error is the `<id>-error` of its `Field`. */
export function TextArea({
  id,
  invalid = false,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement> & { id: string; invalid?: boolean }) {
  return (
    <span className={inputBox({ area: true, invalid })}>
      <textarea
        {...rest}
        id={id}
        className="mono"
        spellCheck={false}
        aria-invalid={invalid || undefined}
        aria-describedby={errorOf(id, invalid)}
      />
    </span>
  )
}

/** The platform's own select in the looks of an input. Its error is the `<id>-error` of its `Field`. */
export function Select({
  mono,
  invalid,
  children,
  boxClass,
  className,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { mono?: boolean; invalid?: boolean; boxClass?: string }) {
  return (
    <span className={cn(inputBox({ mono, invalid }), boxClass)}>
      <select
        aria-describedby={errorOf(rest.id, invalid)}
        aria-invalid={invalid || undefined}
        {...rest}
        className={cn('-mr-5 appearance-none pr-4 [&_option]:bg-raised [&_option]:text-fg', className)}
      >
        {children}
      </select>
      <span className="pointer-events-none ml-auto text-fg-3">
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
    <label className={checkRow}>
      <input
        type="checkbox"
        className="sr-only"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <CheckMark state={checked ? 'on' : 'off'} />
      {children}
    </label>
  )
}
