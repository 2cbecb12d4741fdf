'use client'

import { useState } from 'react'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import type { PublishBody } from './publish-text.ts'

interface KeyFieldProps {
  type: EventTypeItem
  body: PublishBody
  onChange: (body: PublishBody) => void
}

/** What becomes the partition key: the type's own field (nothing is sent then), or a text of one's own. */
export function KeyField({ type, body, onChange }: KeyFieldProps) {
  const [own, setOwn] = useState(body.key !== undefined)
  const custom = own || body.key !== undefined
  const without = (): PublishBody => ({ type: body.type, data: body.data })
  return (
    <Field label="Key" aside="groups what belongs together" htmlFor="publish-key">
      <div className="flex min-w-0 items-center gap-2">
        <Select
          id="publish-key"
          value={custom ? 'own' : 'field'}
          onChange={(event) => {
            setOwn(event.target.value === 'own')
            if (event.target.value === 'field') onChange(without())
          }}
        >
          <option value="field">{type.keyField ?? 'none'}</option>
          <option value="own">a key of its own</option>
        </Select>
        {custom ? (
          <TextInput
            mono
            aria-label="The key"
            placeholder="key"
            maxLength={256}
            value={body.key ?? ''}
            onChange={({ target }) => onChange(target.value === '' ? without() : { ...body, key: target.value })}
          />
        ) : null}
      </div>
    </Field>
  )
}
