'use client'

import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { schemaFields } from '../schema/schema-fields.ts'
import type { DraftCheck, EventTypeDraft } from './event-type-draft.ts'

interface EventTypeNamesProps {
  draft: EventTypeDraft
  check: DraftCheck
  version: number
  readOnly: boolean
  onEdit: (patch: Partial<EventTypeDraft>) => void
}

/** Name, topic, key field and version. The name is fixed once the type is saved: messages carry it. */
export function EventTypeNames({ draft, check, version, readOnly, onEdit }: EventTypeNamesProps) {
  const scalars = schemaFields(check.schemaValue ?? {})
    .filter((field) => ['text', 'number', 'choice', 'constant'].includes(field.kind))
    .map((field) => field.label)
  const keys = draft.keyField === '' || scalars.includes(draft.keyField) ? scalars : [draft.keyField, ...scalars]
  const fixed = readOnly || draft.of !== undefined
  return (
    <fieldset
      className="m-0 grid min-w-0 grid-cols-[1fr_1fr_132px_72px] items-start gap-x-3 gap-y-2 border-0 p-0 max-[1279px]:grid-cols-[1fr_1fr]"
      disabled={readOnly}
    >
      <legend className="sr-only">Names</legend>
      <Field label="Name" htmlFor="type-name" error={check.name}>
        <TextInput
          id="type-name"
          mono
          value={draft.name}
          readOnly={fixed}
          disabled={fixed}
          maxLength={64}
          invalid={check.name !== undefined}
          aria-describedby={check.name ? 'type-name-error' : undefined}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onEdit({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Topic"
        aside={draft.of === undefined ? 'made on save' : undefined}
        htmlFor="type-topic"
        error={check.topic}
      >
        <TextInput
          id="type-topic"
          mono
          value={draft.topic}
          placeholder={draft.name}
          disabled={readOnly}
          maxLength={64}
          invalid={check.topic !== undefined}
          aria-describedby={check.topic ? 'type-topic-error' : undefined}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onEdit({ topic: event.target.value })}
        />
      </Field>
      <Field label="Key" aside="from data" htmlFor="type-key" error={check.keyField}>
        <Select
          id="type-key"
          value={draft.keyField}
          disabled={readOnly}
          onChange={(event) => onEdit({ keyField: event.target.value })}
        >
          <option value="">none</option>
          {keys.map((key) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Version" htmlFor="type-version">
        <TextInput id="type-version" value={String(version)} readOnly disabled />
      </Field>
    </fieldset>
  )
}
