import type { ValidateFunction } from 'ajv/dist/2020.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'

/** The body is not JSON, or does not match the schema of its type. It never will: no attempt is worth repeating. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/** The data of an envelope. Throws `Undecodable`. */
export type Decode = (envelope: Envelope, eventType: EventTypeDefinition | undefined) => unknown

/**
 * Parses and validates bodies. A schema is compiled once. A message is held against the version that it was published
 * under: where this process never saw that version (it is older than the worker, or the change has not arrived yet),
 * the producer's own validation stands.
 */
export function createDecoder(): Decode {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  const compiled = new Map<string, { schema: string; validate: ValidateFunction }>()
  const known = new WeakSet<EventTypeDefinition>()

  function learn(eventType: EventTypeDefinition): void {
    known.add(eventType)
    const key = `${eventType.name}@${eventType.version}`
    const schema = JSON.stringify(eventType.schema)
    if (compiled.get(key)?.schema === schema) return
    // `$id` would be refused the second time it is seen, and nothing refers to it.
    const { $id: _, ...anonymous } = eventType.schema
    compiled.set(key, { schema, validate: ajv.compile(anonymous) })
  }

  return (envelope, eventType) => {
    let data: unknown
    try {
      data = JSON.parse(envelope.body)
    } catch (error) {
      throw new Undecodable(`the body is not JSON: ${error instanceof Error ? error.message : error}`)
    }
    if (eventType && !known.has(eventType)) learn(eventType)
    const validate = compiled.get(`${envelope.type}@${envelope.version}`)?.validate
    if (validate && !validate(data)) {
      const [first] = validate.errors ?? []
      throw new Undecodable(
        `the data does not match ${envelope.type} version ${envelope.version}: ${first?.instancePath || 'it'} ${first?.message ?? 'is not valid'}`,
      )
    }
    return data
  }
}
