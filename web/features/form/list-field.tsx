'use client'

import { jsonPointer } from '#contracts/json-pointer.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { valueAt } from '../schema/data-path.ts'
import type { FieldPath, SchemaField } from '../schema/schema-fields.ts'
import { FieldError } from './controls.tsx'
import { controlId, errorOf, type FormContext, setValue } from './form-context.ts'
import { ValueControl } from './value-control.tsx'

type ManyField = SchemaField & { kind: 'rows' | 'list' }

const columnWidth: Record<string, string> = { text: '1fr', number: '76px', boolean: '132px', choice: '1fr' }

/** A list whose items are single values, or rows of them under column heads. */
export function ListField({ field, context }: { field: ManyField; context: FormContext }) {
  const pointer = jsonPointer(field.path)
  const value = valueAt(context.data, field.path)
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const columns = field.kind === 'rows' ? field.columns : [field.item]
  const error = context.errors.get(pointer)
  const itemName = singular(field.label)
  const add = (): void => setValue(context, [...field.path, items.length], emptyItem(field))
  const template = `${columns.map((column) => columnWidth[column.kind]).join(' ')} 24px`

  return (
    <fieldset className={cn(fieldClass, 'm-0 min-w-0 border-0 p-0')}>
      <legend className={cn(labelClass, 'mb-1 p-0')}>
        {field.label} <em>{field.note}</em>
      </legend>
      {items.length > 0 ? (
        <div
          className="grid grid-cols-[1fr_64px_88px_24px] items-start gap-2"
          style={{ gridTemplateColumns: template }}
        >
          {field.kind === 'rows'
            ? columns.map((column) => (
                <span className={cn(labelClass, 'h-4')} key={column.label}>
                  <em>{column.label}</em>
                </span>
              ))
            : null}
          {field.kind === 'rows' ? <span /> : null}
          {/* Rows have no identity of their own: their place is what they are known by, in the data as here. */}
          {items
            .map((_, index) => [...field.path, index])
            .map((path) => (
              <Row
                key={jsonPointer(path)}
                columns={columns}
                path={path}
                name={`${itemName} ${Number(path.at(-1)) + 1}`}
                context={context}
              />
            ))}
        </div>
      ) : null}
      <div>
        <button type="button" id={controlId(pointer)} className={cn(buttonClass('ghost', true), '-ml-2')} onClick={add}>
          <Icon name="plus" size={12} />
          Add {itemName}
        </button>
      </div>
      <FieldError id={`${controlId(pointer)}-error`} error={error} />
    </fieldset>
  )
}

interface RowProps {
  columns: SchemaField[]
  path: FieldPath
  name: string
  context: FormContext
}

function Row({ columns, path, name, context }: RowProps) {
  const errors = columns.flatMap((column) => {
    const id = controlId(jsonPointer([...path, ...column.path]))
    const error = errorOf(context, column, [...path, ...column.path])
    return error === undefined ? [] : [{ id: `${id}-error`, text: column.label ? `${column.label} ${error}` : error }]
  })
  return (
    <>
      {columns.map((column) => {
        const at = [...path, ...column.path]
        const pointer = jsonPointer(at)
        return (
          <ValueControl
            key={pointer}
            field={column}
            id={controlId(pointer)}
            label={column.label ? `${column.label} of ${name}` : name}
            value={valueAt(context.data, at)}
            onChange={(value) => setValue(context, at, value)}
            error={errorOf(context, column, at)}
          />
        )
      })}
      <button
        type="button"
        className={cn(buttonClass('ghost', true, true), 'mt-0.5')}
        aria-label={`Remove ${name}`}
        onClick={() => setValue(context, path, undefined)}
      >
        <Icon name="x" size={12} />
      </button>
      {errors.map((error) => (
        <div className={cn(fieldClass, 'col-span-full -mt-1')} key={error.id}>
          <FieldError id={error.id} error={error.text} />
        </div>
      ))}
    </>
  )
}

function emptyItem(field: ManyField): unknown {
  const start = (cell: SchemaField): unknown =>
    cell.kind === 'number' ? 1 : cell.kind === 'boolean' ? false : cell.kind === 'choice' ? cell.options[0] : ''
  if (field.kind === 'list') return start(field.item)
  return Object.fromEntries(
    field.columns.filter((column) => column.required).map((column) => [column.label, start(column)]),
  )
}

const singular = (label: string): string => (/[^s]s$/.test(label) ? label.slice(0, -1) : `${label} entry`)
