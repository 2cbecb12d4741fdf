/** The part of JSON Schema 2020-12 that forms and samples understand. Anything else is left to the validator. */
export interface JsonSchema {
  $ref?: string
  $defs?: Record<string, JsonSchema>
  type?: string | string[]
  title?: string
  description?: string
  /** Of a number, for a reader: `ms`. */
  unit?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

/** The schema behind a local `$ref`; the schema itself where it has none or the reference leads nowhere. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema
  for (let step = 0; step < 20; step++) {
    const name = at.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1]
    const target = at.$ref === '#' ? root : name === undefined ? undefined : root.$defs?.[name]
    if (!target) return at
    at = target
  }
  return at
}

/** Splits `null` off: `type: ['string', 'null']` and `anyOf: [x, {type: 'null'}]` are the same nullable x. */
export function withoutNull(schema: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes('null')) {
    const types = schema.type.filter((type) => type !== 'null')
    return { schema: { ...schema, type: types.length === 1 ? types[0] : types }, nullable: true }
  }
  const choices = schema.anyOf ?? schema.oneOf
  const rest = choices?.filter((choice) => choice.type !== 'null')
  const [only] = rest ?? []
  if (choices && rest && only && rest.length === 1 && choices.length === 2) {
    const { anyOf: _any, oneOf: _one, ...outer } = schema
    return { schema: { ...outer, ...only }, nullable: true }
  }
  return { schema, nullable: false }
}
