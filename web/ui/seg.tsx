import { type ReactNode, useId } from 'react'

export interface SegOption<V extends string> {
  value: V
  label: ReactNode
}

/** One of a few choices, side by side: real radio buttons, so the platform moves with the arrow keys. */
export function Seg<V extends string>({
  label,
  value,
  options,
  full = false,
  onChange,
}: {
  label: string
  value: V
  options: SegOption<V>[]
  full?: boolean
  onChange: (value: V) => void
}) {
  const name = useId()
  return (
    <div className={`seg ${full ? 'seg--full' : ''}`} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            className="sr"
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
