import type { TextareaHTMLAttributes } from 'react'
import { inputBox } from './recipes/input-box.ts'

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
        aria-describedby={invalid ? `${id}-error` : undefined}
      />
    </span>
  )
}
