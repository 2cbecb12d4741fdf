import { jsonPointer } from '#contracts/json-pointer.ts'
import { valueAt, withValueAt } from '../schema/data-path.ts'
import type { FieldPath, SchemaField } from '../schema/schema-fields.ts'
import { numberProblem } from './number-text.ts'

/** What every field of a form shares. */
export interface FormContext {
  data: Record<string, unknown>
  onChange: (data: Record<string, unknown>) => void
  /** By JSON pointer into the data. */
  errors: ReadonlyMap<string, string>
  /** For editors, which a disabled fieldset does not reach. */
  disabled: boolean
}

/** Element id of the control of a value, so that the first error can be focused. */
export const controlId = (pointer: string): string => `field${pointer}`

export function setValue(context: FormContext, path: FieldPath, value: unknown): void {
  context.onChange(withValueAt(context.data, path, value) as Record<string, unknown>)
}

/** What is wrong with a value: why its text is not a number, else what its schema says. */
export function errorOf(context: FormContext, field: SchemaField, path: FieldPath): string | undefined {
  const value = valueAt(context.data, path)
  const typed = field.kind === 'number' && typeof value === 'string' ? numberProblem(value) : undefined
  return typed ?? context.errors.get(jsonPointer(path))
}
