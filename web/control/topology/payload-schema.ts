import { ExactJson } from '#contracts/events/exact-json.ts'
import { dialectOf } from '#contracts/schemas/dialects.ts'
import { isSchemaObject, type SchemaObject, walkSchema } from '#contracts/schemas/walk-schema.ts'

/** A schema within a schema that references are read against: the whole one, and every one with an `$id`. */
interface Resource {
  pointer: string
  id: string
}

/** Stands in for the address of a schema that has none. */
const nowhere = 'schema://payload/'
const literals = ['default', 'const', 'enum', 'examples']
const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']

/**
 * A type's schema as a part of a larger document, whose readers take every `$ref` from the document's root: references become pointers
 * from there, whether they were pointers from the schema's root, anchors, or names by `$id`. Example values that hold a `$ref` of
 * their own, and a property of that name, are left out, since those readers would follow it.
 * @param at the pointer at which the schema is in the document, `#/…`
 */
export function payloadSchema(schema: SchemaObject, at: string): { schemaFormat: string; schema: SchemaObject } {
  const copy = copyOf(schema) as SchemaObject
  const resources = resourcesOf(copy)
  const anchors = anchorsOf(copy, resources)
  const moved: [SchemaObject, string][] = []
  walkSchema(copy, (node, pointer) => {
    for (const key of literals) if (holdsReference(node[key])) delete node[key]
    for (const key of maps) if (isSchemaObject(node[key])) delete node[key].$ref
    if (typeof node.$ref === 'string') {
      const target = pointerOf(node.$ref, resourceOf(pointer, resources), resources, anchors)
      if (target !== undefined) moved.push([node, at + target])
    }
    return true
  })
  for (const [node, reference] of moved) node.$ref = reference
  walkSchema(copy, (node) => {
    delete node.$id
    return true
  })
  const dialect = dialectOf(schema.$schema) ?? '2020-12'
  const version = dialect === 'draft-07' ? dialect : `draft-${dialect}`
  return { schemaFormat: `application/schema+json;version=${version}`, schema: copy }
}

/** A number that is carried as text is not a part to be changed. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isSchemaObject(value) || value instanceof ExactJson) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]))
}

/** Whether a value has, anywhere in it, what a reader of references would follow. */
export function holdsReference(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsReference)
  return isSchemaObject(value) && (typeof value.$ref === 'string' || Object.values(value).some(holdsReference))
}

function resourcesOf(schema: SchemaObject): Resource[] {
  const found: Resource[] = [{ pointer: '', id: nowhere }]
  walkSchema(schema, ({ $id }, pointer) => {
    if (typeof $id === 'string' && !$id.startsWith('#')) {
      const id = resolved($id, resourceOf(pointer, found).id)
      if (id !== undefined) found.push({ pointer, id: id.replace(/#.*$/, '') })
    }
    return true
  })
  return found
}

/** By the id of their resource and their name. */
function anchorsOf(schema: SchemaObject, resources: Resource[]): Map<string, string> {
  const found = new Map<string, string>()
  walkSchema(schema, ({ $anchor, $dynamicAnchor, $id }, pointer) => {
    const old = typeof $id === 'string' && $id.startsWith('#') ? $id.slice(1) : undefined
    for (const name of [$anchor, $dynamicAnchor, old]) {
      if (typeof name === 'string') found.set(`${resourceOf(pointer, resources).id}#${name}`, pointer)
    }
    return true
  })
  return found
}

/** The innermost that a place is in; of two at one place the one with an address of its own. */
function resourceOf(pointer: string, resources: readonly Resource[]): Resource {
  const around = resources.filter((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`))
  return around.reduce((inner, one) => (one.pointer.length >= inner.pointer.length ? one : inner))
}

function pointerOf(
  reference: string,
  from: Resource,
  resources: readonly Resource[],
  anchors: ReadonlyMap<string, string>,
): string | undefined {
  const target = resolved(reference, from.id)
  if (target === undefined) return undefined
  const [id = '', fragment = ''] = target.split('#')
  const resource = resources.findLast((one) => one.id === id)
  if (resource === undefined) return undefined
  if (fragment === '' || fragment.startsWith('/')) return resource.pointer + fragment
  return anchors.get(`${id}#${fragment}`)
}

function resolved(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined
}
