/** The editions of JSON Schema that are taken, by what `$schema` names; without it a schema is of 2020-12. */
export const dialects = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'https://json-schema.org/draft/2019-09/schema': '2019-09',
  'http://json-schema.org/draft-07/schema': 'draft-07',
} as const
export type Dialect = (typeof dialects)[keyof typeof dialects]

/** The edition that a value of `$schema` names, with or without its empty fragment; undefined if it is not one of the three. */
export function dialectOf($schema: unknown): Dialect | undefined {
  if ($schema === undefined) return '2020-12'
  if (typeof $schema !== 'string') return undefined
  const address = $schema.replace(/#$/, '')
  return Object.entries(dialects).find(([known]) => known === address)?.[1]
}

const everywhere = [
  ...['$schema', '$id', '$ref', '$comment', '$defs', 'definitions', 'type', 'enum', 'const', 'nullable'],
  ...['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength', 'pattern'],
  ...['items', 'maxItems', 'minItems', 'uniqueItems', 'contains', 'maxProperties', 'minProperties', 'required'],
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'dependencies', 'if', 'then', 'else'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly'],
  ...['examples', 'format', 'contentMediaType', 'contentEncoding'],
]
const since2019 = [
  ...['$anchor', '$vocabulary', 'dependentRequired', 'dependentSchemas', 'unevaluatedItems', 'unevaluatedProperties'],
  ...['minContains', 'maxContains', 'contentSchema'],
]

/** The keywords of each edition. Any other is a mistake, not a comment: a misspelt check would check nothing. */
export const keywordsOf: Record<Dialect, ReadonlySet<string>> = {
  '2020-12': new Set([...everywhere, ...since2019, '$dynamicRef', '$dynamicAnchor', 'prefixItems']),
  '2019-09': new Set([...everywhere, ...since2019, '$recursiveRef', '$recursiveAnchor', 'additionalItems']),
  'draft-07': new Set([...everywhere, 'additionalItems']),
}
