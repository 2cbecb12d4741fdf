import { isAbsolute, join } from 'node:path'
import { pointedAt, pointerOfFragment } from '../json-pointer.ts'
import { isSchemaObject, type SchemaObject } from '../schemas/walk-schema.ts'
import type { ReadReference } from './references.ts'

/** What a message of an AsyncAPI document says of an event. */
export type AsyncApiMessage =
  | { ok: true; schema: SchemaObject; example: SchemaObject | undefined }
  | { ok: false; reason: string }

/** A value and the document that it is in: references in it are relative to that. */
interface Place {
  value: unknown
  /** Relative to the folder of the lab file, or absolute. */
  path: string
  document: unknown
}

/** Schemas that a payload may lead to. */
const mostReferences = 1_000
/** References that may lead from one to the next. */
const longestChain = 20
/** Keywords of AsyncAPI that JSON Schema does not have. */
const foreign = /^(x-.*|discriminator|externalDocs)$/

/** Reads the message that `reference` names, of AsyncAPI 2 or 3. What it refers to, in its own file or in others, becomes `$defs` of the schema. */
export async function asyncApiMessage(reference: string, read: ReadReference): Promise<AsyncApiMessage> {
  try {
    const message = await followed(await placeOf(reference, read), read)
    if (!isSchemaObject(message.value)) return { ok: false, reason: `${reference} is not a message` }
    const payload = await followed({ ...message, value: message.value.payload }, read)
    // Version 3 may wrap a schema with the name of its language.
    const wrapped = isSchemaObject(payload.value) && 'schemaFormat' in payload.value ? payload.value : undefined
    const schema = wrapped === undefined ? payload : await followed({ ...payload, value: wrapped.schema }, read)
    if (!isSchemaObject(schema.value)) return { ok: false, reason: `${reference} has no payload that is a JSON Schema` }
    const { examples } = message.value
    const first = Array.isArray(examples) ? examples[0] : undefined
    const example = isSchemaObject(first) && isSchemaObject(first.payload) ? first.payload : undefined
    return { ok: true, schema: await selfContained(schema, read), example }
  } catch (error) {
    if (error instanceof NoReference) return { ok: false, reason: error.at(reference) }
    throw error
  }
}

/** A reference that leads nowhere; reported at the message that has it. */
class NoReference extends Error {
  override readonly name = 'NoReference'
  readonly at: (message: string) => string

  constructor(reason: string, at = (message: string) => `${message} ${reason}`) {
    super(reason)
    this.at = at
  }
}

async function placeOf(reference: string, read: ReadReference): Promise<Place> {
  const found = await read(reference)
  if (!found.ok) throw new NoReference(found.reason, () => found.reason)
  return { value: found.value, path: pathOf(reference), document: found.document }
}

const pathOf = (reference: string): string => reference.split('#')[0] ?? ''

/** Where a `$ref` of a document leads. */
async function target(reference: string, { path, document }: Place, read: ReadReference): Promise<Place> {
  if (reference.startsWith('#/')) {
    const value = pointedAt(document, pointerOfFragment(reference.slice(1)))
    if (value === undefined) throw new NoReference(`refers to ${reference}, which is not there`)
    return { value, path, document }
  }
  const file = pathOf(reference)
  if (file === '' || URL.canParse(reference))
    throw new NoReference(`refers to ${reference}, which is neither in its document nor in a file`)
  const at = isAbsolute(file) ? file : join(path, '..', file)
  const found = await read(`${at}${reference.slice(file.length)}`)
  if (!found.ok) throw new NoReference(`refers to ${reference}: ${found.reason}`)
  return { value: found.value, path: at, document: found.document }
}

/** What is behind `$ref`s; the value itself if it has none. */
async function followed(from: Place, read: ReadReference): Promise<Place> {
  let at = from
  for (let step = 0; step < longestChain && isSchemaObject(at.value) && typeof at.value.$ref === 'string'; step += 1)
    at = await target(at.value.$ref, at, read)
  return at
}

/** A copy that needs nothing of its document. Rejects with `NoReference` where that cannot be made. */
async function selfContained(schema: Place, read: ReadReference): Promise<SchemaObject> {
  const names = new Map<string, string>()
  const defs: Record<string, unknown> = {}

  const copy = async (place: Place): Promise<unknown> => {
    const { value } = place
    const inner = (part: unknown): Promise<unknown> => copy({ ...place, value: part })
    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (const item of value) items.push(await inner(item))
      return items
    }
    if (!isSchemaObject(value)) return value
    const copied: [string, unknown][] = []
    for (const [key, part] of Object.entries(value)) {
      if (foreign.test(key)) continue
      const isReference = key === '$ref' && typeof part === 'string'
      copied.push([key, isReference ? await moved(part, place) : await inner(part)])
    }
    return Object.fromEntries(copied)
  }
  const moved = async (reference: string, from: Place): Promise<string> => {
    const found = await target(reference, from, read)
    const address = `${found.path}#${reference.split('#')[1] ?? ''}`
    const known = names.get(address)
    if (known !== undefined) return known
    if (names.size >= mostReferences) throw new NoReference(`refers to more than ${mostReferences} schemas`)
    const last = reference.split('/').at(-1) ?? ''
    const name = `${names.size + 1}-${last.replaceAll(/[^A-Za-z0-9_-]/g, '')}`
    names.set(address, `#/$defs/${name}`)
    defs[name] = await copy(found)
    return `#/$defs/${name}`
  }

  const copied = (await copy(schema)) as SchemaObject
  if (names.size === 0) return copied
  return { ...copied, $defs: { ...(isSchemaObject(copied.$defs) ? copied.$defs : {}), ...defs } }
}
