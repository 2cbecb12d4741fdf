'use client'

import { useId } from 'react'
import { Icon } from '#web/ui/icon.tsx'
import { pointerOf, valueAt } from '../schema/data-path.ts'
import type { SchemaField } from '../schema/schema-fields.ts'
import { FieldError } from './controls.tsx'
import { controlId, errorOf, type FormContext, setValue } from './form-context.ts'
import { JsonField } from './json-field.tsx'
import { ListField } from './list-field.tsx'
import { ValueControl } from './value-control.tsx'

interface SchemaFormProps extends FormContext {
  fields: SchemaField[]
}

/** A form drawn from a JSON Schema. It holds no values of its own: `data` is the one truth. */
export function SchemaForm({ fields, ...context }: SchemaFormProps) {
  return fields.map((field) => <SchemaFieldView key={pointerOf(field.path)} field={field} context={context} />)
}

function SchemaFieldView({ field, context }: { field: SchemaField; context: FormContext }) {
  const pointer = pointerOf(field.path)
  const error = errorOf(context, field, field.path)
  switch (field.kind) {
    case 'group':
      return <GroupField field={field} context={context} />
    case 'rows':
    case 'list':
      return <ListField field={field} context={context} />
    case 'json':
      return <JsonField field={field} context={context} />
    default: {
      const id = controlId(pointer)
      return (
        <div className="field">
          <label htmlFor={id}>
            {field.label} {field.note ? <em>{field.note}</em> : null}
          </label>
          <ValueControl
            field={field}
            id={id}
            value={valueAt(context.data, field.path)}
            onChange={(value) => setValue(context, field.path, value)}
            error={error}
            label={field.label}
          />
          <FieldError id={`${id}-error`} error={error} />
        </div>
      )
    }
  }
}

function GroupField({ field, context }: { field: SchemaField & { kind: 'group' }; context: FormContext }) {
  const id = useId()
  const present = valueAt(context.data, field.path) !== undefined
  const error = context.errors.get(pointerOf(field.path))
  return (
    <fieldset className="group" id={controlId(pointerOf(field.path))} aria-describedby={error ? id : undefined}>
      <legend className="label">
        {field.label} <em>{field.note || 'optional'}</em>
      </legend>
      {present || field.required ? (
        <div className="group__fields">
          <SchemaForm fields={field.fields} {...context} />
        </div>
      ) : (
        <button type="button" className="btn btn--sm" onClick={() => setValue(context, field.path, {})}>
          <Icon name="plus" size={12} />
          Add {field.label}
        </button>
      )}
      {present && !field.required ? (
        <button
          type="button"
          className="btn btn--sm btn--ghost"
          onClick={() => setValue(context, field.path, undefined)}
        >
          <Icon name="x" size={12} />
          Leave out {field.label}
        </button>
      ) : null}
      <div className="field">
        <FieldError id={id} error={error} />
      </div>
    </fieldset>
  )
}
