'use client'

import { useId } from 'react'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { valueAt } from '../schema/data-path.ts'
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
  return fields.map((field) => <SchemaFieldView key={jsonPointer(field.path)} field={field} context={context} />)
}

function SchemaFieldView({ field, context }: { field: SchemaField; context: FormContext }) {
  const pointer = jsonPointer(field.path)
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
        <div className={fieldClass}>
          <label className={labelClass} htmlFor={id}>
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
  const error = context.errors.get(jsonPointer(field.path))
  return (
    <fieldset
      className="m-0 min-w-0 border-0 border-l-2 border-line py-0 pr-0 pl-3"
      id={controlId(jsonPointer(field.path))}
      aria-describedby={error ? id : undefined}
    >
      <legend className={cn(labelClass, 'mb-2 p-0')}>
        {field.label} <em>{field.note || 'optional'}</em>
      </legend>
      {present || field.required ? (
        <div className="grid gap-3">
          <SchemaForm fields={field.fields} {...context} />
        </div>
      ) : (
        <button type="button" className={buttonClass('plain', true)} onClick={() => setValue(context, field.path, {})}>
          <Icon name="plus" size={12} />
          Add {field.label}
        </button>
      )}
      {present && !field.required ? (
        <button
          type="button"
          className={buttonClass('ghost', true)}
          onClick={() => setValue(context, field.path, undefined)}
        >
          <Icon name="x" size={12} />
          Leave out {field.label}
        </button>
      ) : null}
      <div className={fieldClass}>
        <FieldError id={id} error={error} />
      </div>
    </fieldset>
  )
}
