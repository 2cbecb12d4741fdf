'use client'

import { Field, Select } from '#web/ui/field.tsx'
import { useEventTypes } from '../event-types/event-types-store.ts'
import { usePublish } from './publish-store.ts'

/** The event type; what was begun for another one is kept and comes back with it. */
export function TypeSelect({ disabled = false }: { disabled?: boolean }) {
  const items = useEventTypes().items
  const chosen = usePublish((publish) => publish.body?.type)
  const choose = usePublish((publish) => publish.choose)
  const type = items.find((item) => item.name === chosen)
  return (
    <Field label="Event type" htmlFor="publish-type">
      <div className="relative">
        <Select
          className="opacity-0"
          id="publish-type"
          value={chosen ?? ''}
          disabled={disabled}
          onChange={(event) => {
            const next = items.find((item) => item.name === event.target.value)
            if (next) choose(next)
          }}
        >
          {items.map((item) => (
            <option key={item.name} value={item.name}>
              {item.name}
            </option>
          ))}
        </Select>
        {type ? (
          <span
            className="pointer-events-none absolute inset-y-0 right-6 left-2.25 flex items-center gap-1.5 overflow-hidden whitespace-nowrap"
            aria-hidden="true"
          >
            <b className="font-medium">{type.name}</b>
            <span className="text-fg-3">
              v{type.version}, to topic {type.topic}
            </span>
          </span>
        ) : null}
      </div>
    </Field>
  )
}
