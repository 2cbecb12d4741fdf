import type { ValidateFunction } from 'ajv/dist/2020.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { parseJson, UnfitJson } from '#contracts/events/json-text.ts'

/** The body is no UTF-8, not JSON by the rules of every door (`parseJson`), or does not match the schema of its type. It never will: no attempt is worth repeating. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

/** The data of an envelope; `bytes` is its body where that is no UTF-8. Throws `Undecodable`. */
export type Decode = (
  envelope: Envelope,
  bytes: Buffer | undefined,
  eventType: EventTypeDefinition | undefined,
) => unknown

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

  return (envelope, bytes, eventType) => {
    if (bytes !== undefined) throw new Undecodable('the body is not valid UTF-8')
    let data: unknown
    try {
      data = parseJson(envelope.body)
    } catch (error) {
      if (error instanceof UnfitJson)
        throw new Undecodable(`the data is not taken: ${error.path || 'it'} ${error.message}`)
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
