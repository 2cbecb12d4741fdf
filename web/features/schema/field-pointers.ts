import { jsonPointer } from '#contracts/json-pointer.ts'
import { valueAt } from './data-path.ts'
import type { FieldPath, SchemaField } from './schema-fields.ts'

/** JSON pointers of every control that a form shows for the data, rows and items included. */
export function pointersOf(fields: SchemaField[], data: unknown, base: FieldPath = []): string[] {
  return fields.flatMap((field) => {
    const path = [...base, ...field.path]
    const own = jsonPointer(path)
    if (field.kind === 'group') return [own, ...pointersOf(field.fields, data)]
    if (field.kind !== 'rows' && field.kind !== 'list') return [own]
    const items = valueAt(data, path)
    const count = Array.isArray(items) ? items.length : 0
    const columns = field.kind === 'rows' ? field.columns : [field.item]
    const rows = Array.from({ length: count }, (_, index) => pointersOf(columns, data, [...path, index]))
    return [own, ...rows.flat()]
  })
}
