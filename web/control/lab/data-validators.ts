import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { compileSchema, type DataValidator } from './compile-schema.ts'

/** Compiled schemas, one per type: compiled when first used, compiled again when the schema is another object. */
export interface DataValidators {
  of(type: EventTypeDefinition): DataValidator
  forget(name: string): void
}

export function createDataValidators(): DataValidators {
  const kept = new Map<string, { schema: Record<string, unknown>; validate: DataValidator }>()
  return {
    of({ name, schema }) {
      const found = kept.get(name)
      if (found?.schema === schema) return found.validate
      const validate = compileSchema(schema)
      kept.set(name, { schema, validate })
      return validate
    },
    forget: (name) => void kept.delete(name),
  }
}
