import { useEffect, useRef } from 'react'
import { Icon } from '#web/ui/icon.tsx'

interface TickProps {
  /** Its name: what is chosen with it. */
  label: string
  state: 'on' | 'off' | 'some'
  onToggle: () => void
}

/** A check box of a line, which says with its third state that a part is chosen. */
export function Tick({ label, state, onToggle }: TickProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.indeterminate = state === 'some'
  }, [state])
  return (
    <label className="check-row tick">
      <input
        ref={input}
        type="checkbox"
        className="sr"
        aria-label={label}
        checked={state === 'on'}
        onChange={onToggle}
      />
      <span className={`check ${state === 'off' ? '' : 'is-on'}`} aria-hidden="true">
        {state === 'off' ? null : <Icon name={state === 'on' ? 'check' : 'minus'} />}
      </span>
    </label>
  )
}
