import { withValueAt } from '../schema/data-path.ts'
import type { FieldPath } from '../schema/schema-fields.ts'

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
