'use client'

import { useEffect, useState } from 'react'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { JsonEditor } from '../json/json-editor.tsx'
import { parsePlacedJson } from '../json/json-positions.ts'
import { printJson } from '../json/print-json.ts'
import { valueAt } from '../schema/data-path.ts'
import type { SchemaField } from '../schema/schema-fields.ts'
import { FieldError } from './controls.tsx'
import { controlId, type FormContext, setValue } from './form-context.ts'

/** A value that has no form of its own, edited as JSON. While the text is not JSON, the data keeps the last value. */
export function JsonField({ field, context }: { field: SchemaField; context: FormContext }) {
  const pointer = jsonPointer(field.path)
  const id = controlId(pointer)
  const value = valueAt(context.data, field.path)
  const printed = value === undefined ? '' : printJson(value)
  const [text, setText] = useState(printed)
  const read = text.trim() === '' ? undefined : parsePlacedJson(text)
  const same = read?.ok ? JSON.stringify(read.value) === JSON.stringify(value) : false
  const stale = read === undefined ? value !== undefined : read.ok && !same
  useEffect(() => {
    if (stale) setText(printed)
  }, [stale, printed])
  const error = read && !read.ok ? `line ${read.line}: ${read.message}` : context.errors.get(pointer)
  return (
    <div className={fieldClass} id={id}>
      <span className={labelClass}>
        {field.label} <em>{['JSON', field.note].filter(Boolean).join(', ')}</em>
      </span>
      <JsonEditor
        label={`${field.label}, JSON`}
        value={text}
        invalid={error !== undefined}
        readOnly={context.disabled}
        describedBy={`${id}-error`}
        onChange={(next) => {
          setText(next)
          const parsed = next.trim() === '' ? undefined : parsePlacedJson(next)
          if (parsed === undefined) setValue(context, field.path, undefined)
          else if (parsed.ok) setValue(context, field.path, parsed.value)
        }}
      />
      <FieldError id={`${id}-error`} error={error} />
    </div>
  )
}
