import { z } from 'zod'
import { labFileInput } from './input.ts'

let made: Record<string, unknown> | undefined

/** The JSON Schema of lab files, for editors; `labs/schema.json` is this. */
export function labFileSchema(): Record<string, unknown> {
  made ??= {
    ...(z.toJSONSchema(labFileInput, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>),
    title: 'Lab file of Faultline',
  }
  return made
}
