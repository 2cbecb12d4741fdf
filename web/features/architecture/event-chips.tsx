'use client'

import { useId } from 'react'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { fieldClass, inputBox, labelClass } from '#web/ui/recipes/input-box.ts'
import { chipClass } from '#web/ui/status.tsx'

interface EventChipsProps {
  label: string
  aside?: string
  chosen: readonly string[]
  /** Those that can be chosen; another one can be typed. */
  events: readonly string[]
  onChange: (chosen: string[]) => void
}

/** Event types of one side of a service: each can be taken away, more can be added. */
export function EventChips({ label, aside, chosen, events, onChange }: EventChipsProps) {
  const id = useId()
  const left = events.filter((event) => !chosen.includes(event))
  return (
    <div className={fieldClass}>
      <span className={labelClass} id={id}>
        {label} {aside === undefined ? null : <em>{aside}</em>}
      </span>
      <ul className="flex flex-wrap items-center gap-1" aria-labelledby={id}>
        {chosen.map((event) => (
          <li key={event} className={`${chipClass} mono pr-0`}>
            {event}
            <IconButton
              className="size-5"
              label={`${label}: take ${event} away`}
              onClick={() => onChange(chosen.filter((other) => other !== event))}
            >
              <Icon name="x" size={12} />
            </IconButton>
          </li>
        ))}
        <li>
          <span className={`${inputBox({ quiet: true })} h-6`}>
            <input
              className="mono w-32"
              list={`${id}-events`}
              placeholder="add an event"
              aria-label={`${label}: add an event`}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                add(event.currentTarget)
              }}
              onBlur={(event) => add(event.currentTarget)}
            />
          </span>
          <datalist id={`${id}-events`}>
            {left.map((event) => (
              <option key={event} value={event} />
            ))}
          </datalist>
        </li>
      </ul>
    </div>
  )

  function add(input: HTMLInputElement): void {
    const event = input.value.trim()
    input.value = ''
    if (event !== '' && !chosen.includes(event)) onChange([...chosen, event])
  }
}
