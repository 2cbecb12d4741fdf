import { useEffect, useRef } from 'react'
import { CheckMark, checkRow } from '#web/ui/check-mark.tsx'
import { cn } from '#web/ui/recipes/cn.ts'

interface TickProps {
  /** Its name: what is chosen with it. */
  label: string
  state: 'on' | 'off' | 'some'
  onToggle: () => void
}

/** A check box of a line, which says with its third state that a part is chosen. */
export function TickBox({ label, state, onToggle }: TickProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.indeterminate = state === 'some'
  }, [state])
  return (
    <label className={cn(checkRow, 'inline-flex flex-none align-middle')}>
      <input
        ref={input}
        type="checkbox"
        className="sr-only"
        aria-label={label}
        checked={state === 'on'}
        onChange={onToggle}
      />
      <CheckMark state={state} />
    </label>
  )
}
