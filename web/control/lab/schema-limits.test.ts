import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { compileSchema } from './compile-schema.ts'
import { schemaLimitErrors } from './schema-limits.ts'
import { isSlowPattern } from './slow-pattern.ts'

describe('slow patterns', () => {
  it.each([
    '^(a+)+$',
    '(a|a)*$',
    '(x+x+)+y',
    '^(\\d+)*$',
    '(.*)*b',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$',
  ])('finds %s', (pattern) => expect(isSlowPattern(pattern)).toBe(true))

  it.each(['^[A-Z]{3}-\\d{4}$', '^[a-z0-9._-]+@[a-z.]+$', '(', '^.*$', '^(foo|bar)+$', '^\\p{L}+$'])(
    'lets %s through',
    (pattern) => expect(isSlowPattern(pattern)).toBe(false),
  )

  it('lets the patterns of the built-in types through', () => {
    for (const { schema } of builtInEventTypes) expect(schemaLimitErrors(schema)).toEqual([])
  })
})

it('bounds depth and size', () => {
  let deep: Record<string, unknown> = { type: 'object' }
  for (let level = 0; level < 40; level += 1) deep = { type: 'object', properties: { a: deep } }
  expect(schemaLimitErrors(deep)[0]?.message).toContain('deeper than 32')
  expect(schemaLimitErrors({ description: 'x'.repeat(70_000) })[0]?.message).toContain('at most 65536')
  expect(schemaLimitErrors({ const: { $ref: 'https://example.com' } })).toEqual([])
})

it('resolves references within the schema, also recursive ones', () => {
  const validate = compileSchema({
    type: 'object',
    properties: { tree: { $ref: '#/$defs/node' } },
    $defs: {
      node: {
        type: 'object',
        properties: { next: { $ref: '#/$defs/node' }, at: { type: 'string', format: 'date-time' } },
      },
    },
  })
  expect(validate({ tree: { next: { at: '2026-01-02T03:04:05Z' } } })).toEqual([])
  expect(validate({ tree: { next: { at: 'soon' } } })).toEqual([
    { path: '/tree/next/at', message: 'must match format "date-time"' },
  ])
})
