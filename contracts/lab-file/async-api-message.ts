import { isSchemaObject, type SchemaObject } from '../schemas/walk-schema.ts'
import { pointedAt, type ReadReference } from './references.ts'

/** What a message of an AsyncAPI document says of an event. */
export type AsyncApiMessage =
  | { ok: true; schema: SchemaObject; example: SchemaObject | undefined }
  | { ok: false; reason: string }

/** Schemas of one document that a payload may lead to. */
const mostReferences = 1_000
/** Keywords of AsyncAPI that JSON Schema does not have. */
const foreign = /^(x-.*|discriminator|externalDocs)$/

/** Reads the message that `reference` names, of AsyncAPI 2 or 3. References within its document become `$defs` of the schema. */
export async function asyncApiMessage(reference: string, read: ReadReference): Promise<AsyncApiMessage> {
  const found = await read(reference)
  if (!found.ok) return found
  const message = followed(found.value, found.document)
  if (!isSchemaObject(message)) return { ok: false, reason: `${reference} is not a message` }
  const payload = followed(message.payload, found.document)
  // Version 3 may wrap a schema with the name of its language.
  const schema =
    isSchemaObject(payload) && 'schemaFormat' in payload ? followed(payload.schema, found.document) : payload
  if (!isSchemaObject(schema)) return { ok: false, reason: `${reference} has no payload that is a JSON Schema` }
  const copied = selfContained(schema, found.document)
  if (typeof copied === 'string') return { ok: false, reason: `${reference} ${copied}` }
  const first = Array.isArray(message.examples) ? message.examples[0] : undefined
  const example = isSchemaObject(first) && isSchemaObject(first.payload) ? first.payload : undefined
  return { ok: true, schema: copied, example }
}

/** What stands behind `$ref`s within the document; the value itself where it has none. */
function followed(value: unknown, document: unknown): unknown {
  let at = value
  for (let step = 0; step < 20 && isSchemaObject(at) && typeof at.$ref === 'string'; step += 1) {
    if (!at.$ref.startsWith('#/')) return at
    at = pointedAt(document, at.$ref.slice(1))
  }
  return at
}

/** A copy that needs nothing of the document; a reason where that cannot be made. */
function selfContained(schema: SchemaObject, document: unknown): SchemaObject | string {
  const names = new Map<string, string>()
  const defs: Record<string, unknown> = {}
  let problem: string | undefined

  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (!isSchemaObject(value)) return value
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !foreign.test(key))
        .map(([key, inner]) => [key, key === '$ref' && typeof inner === 'string' ? moved(inner) : copy(inner)]),
    )
  }
  const moved = (reference: string): string => {
    if (!reference.startsWith('#/')) {
      problem ??= `refers to ${reference}, outside its document`
      return reference
    }
    const known = names.get(reference)
    if (known !== undefined) return known
    const target = pointedAt(document, reference.slice(1))
    if (target === undefined) problem ??= `refers to ${reference}, which is not there`
    if (names.size >= mostReferences) problem ??= `refers to more than ${mostReferences} schemas`
    if (problem !== undefined) return reference
    const last = reference.split('/').at(-1) ?? ''
    const name = `${names.size + 1}-${last.replaceAll(/[^A-Za-z0-9_-]/g, '')}`
    names.set(reference, `#/$defs/${name}`)
    defs[name] = copy(target)
    return `#/$defs/${name}`
  }

  const copied = copy(schema) as SchemaObject
  if (problem !== undefined) return problem
  if (names.size === 0) return copied
  return { ...copied, $defs: { ...(isSchemaObject(copied.$defs) ? copied.$defs : {}), ...defs } }
}
