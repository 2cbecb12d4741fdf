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
      <div className="type-select">
        <Select
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
          <span className="type-select__shown" aria-hidden="true">
            <b>{type.name}</b>
            <span className="t3">
              v{type.version}, to topic {type.topic}
            </span>
          </span>
        ) : null}
      </div>
    </Field>
  )
}
