import { describe, expect, it, test } from 'vitest'
import { builtInEventTypes } from '../events/catalogue.ts'
import { compileSchema } from './compile-schema.ts'
import { dataProblems } from './data-problems.ts'

const problemsOf = (schema: unknown) => {
  const compiled = compileSchema(schema, { allErrors: true })
  return compiled.ok ? [] : compiled.problems
}
const wrong = (schema: unknown, data: unknown) => {
  const compiled = compileSchema(schema, { allErrors: true })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return dataProblems(compiled.errorsOf(data), data)
}
const subscribesTo = (schema: unknown, data: unknown): boolean => wrong(schema, data).length === 0

describe('editions', () => {
  it('takes every keyword of 2020-12 where it belongs', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/order',
      $comment: 'all of them',
      $vocabulary: { 'https://json-schema.org/draft/2020-12/vocab/core': true },
      $defs: {
        p: { $anchor: 'place', type: 'object', properties: { city: { type: 'string' } } },
        node: { $dynamicAnchor: 'node', properties: { next: { $dynamicRef: '#node' } } },
        never: false,
      },
      type: 'object',
      properties: {
        to: { $ref: '#place' },
        pair: { prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
        some: { contains: { type: 'integer' }, minContains: 1, maxContains: 2, unevaluatedItems: { type: 'string' } },
        content: {
          type: 'string',
          contentMediaType: 'application/json',
          contentEncoding: 'base64',
          contentSchema: { type: 'object' },
        },
      },
      dependentSchemas: { to: { properties: { by: { type: 'string' } } } },
      dependentRequired: { by: ['to'] },
      if: { required: ['by'] },
      propertyNames: { minLength: 1 },
      unevaluatedProperties: false,
      deprecated: false,
    }
    expect(problemsOf(schema)).toEqual([])
    expect(wrong(schema, { to: { city: 1 }, pair: ['a', 1, 2], some: ['x'] }).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/to/city', '/pair', '/some']),
    )
    expect(wrong(schema, { by: 'x' })).toEqual(
      expect.arrayContaining([{ path: '/by', message: expect.stringContaining('unknown field') }]),
    )
  })

  it('reads draft-07 and 2019-09 by their own rules', () => {
    const tuple = { type: 'array', items: [{ type: 'string' }], additionalItems: false }
    expect(wrong({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, ['a', 1])).toHaveLength(1)
    expect(
      subscribesTo({ $schema: 'http://json-schema.org/draft-07/schema', dependencies: { a: ['b'] } }, { a: 1 }),
    ).toBe(false)
    const recursive = {
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $recursiveAnchor: true,
      properties: { next: { $recursiveRef: '#' }, n: { type: 'integer' } },
      unevaluatedProperties: false,
    }
    expect(wrong(recursive, { next: { n: 'x' } }).map(({ path }) => path)).toContain('/next/n')
    expect(problemsOf({ $schema: 'http://json-schema.org/draft-04/schema#' })).toMatchObject([{ path: '/$schema' }])
    expect(problemsOf(tuple).map(({ path }) => path)).toContain('/additionalItems')
  })

  it('takes every format of the standard and says which is none', () => {
    const text = (format: string) => ({ type: 'string', format })
    const right: Record<string, string> = {
      ...{ 'date-time': '2026-01-02T03:04:05Z', date: '2026-01-02', time: '03:04:05Z', duration: 'P1D' },
      ...{ email: 'a@b.de', 'idn-email': 'jürgen@müller.de', hostname: 'b.de', 'idn-hostname': 'müller.de' },
      ...{
        ipv4: '192.0.2.1',
        ipv6: '2001:db8::1',
        uri: 'https://b.de/a',
        'uri-reference': '/a',
        iri: 'https://müller.de/ä',
      },
      ...{ 'iri-reference': '/ä', uuid: '0c9a7be2-41d8-4f57-9e30-b6d2a81f5c74', 'uri-template': '/a/{b}' },
      ...{ 'json-pointer': '/a', 'relative-json-pointer': '1/a', regex: '^a' },
    }
    for (const [format, value] of Object.entries(right)) {
      expect([format, subscribesTo(text(format), value)]).toEqual([format, true])
      const isAnyText = ['uri-template', 'uri-reference', 'iri-reference'].includes(format)
      expect([format, subscribesTo(text(format), isAnyText ? '{ %' : '( \u0000')]).toEqual([format, false])
    }
    expect(problemsOf({ properties: { a: { format: 'emial' } } })).toMatchObject([{ path: '/properties/a/format' }])
  })
})

describe('a mistake in a schema is reported at its place', () => {
  it.each([
    ['/properties/a/typ', { properties: { a: { typ: 'string' } } }],
    ['/properties/a/$ref', { properties: { a: { $ref: '#/$defs/none' } }, $defs: {} }],
    ['/allOf/1/$ref', { allOf: [true, { $ref: 'https://example.com/x' }] }],
    ['/properties/a~1b/pattern', { properties: { 'a/b': { pattern: '(' } } }],
    ['/items/pattern', { items: { pattern: '(?=a)b' } }],
    ['/patternProperties/(a)\\1', { patternProperties: { '(a)\\1': true } }],
    ['/$async', { $async: true }],
    ['/$defs/a/$async', { $defs: { a: { $async: true } } }],
    ['/$defs/b/$anchor', { $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } }],
    ['/properties/a/type', { properties: { a: { type: 'nonsense' } } }],
    ['/uniqueItems', { uniqueItems: true }],
  ])('%s', (path, schema) => expect(problemsOf(schema).map((problem) => problem.path)).toContain(path))

  it('takes properties that are called like keywords', () => {
    const properties = { $ref: { type: 'string' }, $async: true, pattern: true, properties: true, if: true }
    expect(problemsOf({ properties, const: { $ref: 'https://example.com', pattern: '(' } })).toEqual([])
  })
})

test('data has the properties that were sent, and none of those that every object of JavaScript has', () => {
  const inherited = {
    properties: { constructor: { type: 'string' }, toString: false, valueOf: { const: 1 } },
    dependentRequired: { hasOwnProperty: ['other'] },
    dependentSchemas: { isPrototypeOf: false },
  }
  expect(wrong(inherited, {})).toEqual([])
  expect(wrong(inherited, { constructor: 1 })).toEqual([{ path: '/constructor', message: 'must be string, is 1' }])
  expect(wrong({ required: ['constructor', 'toString'] }, { constructor: 1 })).toEqual([
    { path: '/toString', message: 'is required' },
  ])
  expect(wrong({ unevaluatedProperties: false, properties: { a: true } }, { toString: 1 })).toHaveLength(1)
})

test('boolean, empty, impossible and recursive schemas hold', () => {
  const tree = {
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, any: true, no: false } } },
    $ref: '#/$defs/node',
  }
  expect(subscribesTo(tree, { next: { next: { any: [1] } } })).toBe(true)
  expect(wrong(tree, { next: { no: 1 } }).map(({ path }) => path)).toEqual(['/next/no'])
  expect(subscribesTo({ properties: { a: {} }, items: true, not: false }, { a: 1 })).toBe(true)
  expect(subscribesTo({ not: {} }, 1)).toBe(false)
})

describe('multipleOf counts in decimals', () => {
  it.each([
    [0.01, [1.1, 4.35, 19.99, 8.69, -4.35, 0, 1e21], [4.355, 0.001]],
    [0.1, [0.3, 1.7, 123456789.1], [0.25]],
    [1e-7, [1e-7, 3e-7, 1], [1.5e-8]],
    [1e-300, [1e-300, 2.5e300], [1e-301]],
    [5e-324, [1e308, 5e-324], []],
    [1e300, [1e300, 3e300], [1e299]],
    [3, [9, 9007199254740990], [10]],
    [0.07, [0.14, 7, 700], [0.15]],
  ])('%s', (multipleOf, multiples, others) => {
    for (const value of multiples) expect([value, subscribesTo({ multipleOf }, value)]).toEqual([value, true])
    for (const value of others) expect([value, subscribesTo({ multipleOf }, value)]).toEqual([value, false])
  })
})

describe('patterns', () => {
  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '(x+x+)+y',
    '^(\\d+)*$',
    '(.*)*b',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$',
  ])('%s cannot be made to backtrack', (pattern) => {
    const data = [`${'a'.repeat(50_000)}!`, `${'x'.repeat(50_000)}!`, `${'1'.repeat(50_000)}!`]
    const compiled = compileSchema({ items: { pattern } }, { allErrors: true })
    // A backtracking matcher never answers here.
    expect(compiled.ok && compiled.errorsOf(data).length).toBeGreaterThan(0)
  })

  it('means what JavaScript means', () => {
    const texts = [
      '',
      ' ',
      'A',
      'é',
      'Ж',
      '7',
      '\u00a0',
      '\n',
      '\u2028',
      '[',
      ':',
      'a]',
      '\b',
      '😀',
      'a-b',
      'l',
      '_',
      '\0',
    ]
    const patterns = [
      ...['^[A-Z]{3}-\\d{4}$', '^.$', '\\s', '^\\S$', '[\\s]', '^[^\\s]$', '[[:a]', '[\\b]', '^\\p{L}$', '\\p{Lu}'],
      ...[
        '\\p{Script=Cyrillic}',
        '\\p{Letter}',
        '\\P{L}',
        '\\u0041',
        '\\u{1F600}',
        '\\x41',
        '\\0',
        '^[^]$',
        '(?<n>a)-b',
      ],
      ...[
        '\\w',
        '\\W',
        '\\bA\\b',
        'a*?',
        '^$',
        '[]',
        '[a\\]]',
        '\\[',
        '\\/',
        '[\\-a]',
        '\\cJ',
        '^(foo|bar)+$',
        '\\ud83d\\ude00',
      ],
    ]
    for (const pattern of patterns) {
      const others = texts.flatMap((text, index) => (new RegExp(pattern, 'u').test(text) ? [] : [`/${index}`]))
      expect([pattern, wrong({ items: { pattern } }, texts).map(({ path }) => path)]).toEqual([pattern, others])
    }
  })

  it('of the built-in types may be copied', () => {
    for (const { schema, example } of builtInEventTypes) expect(wrong(schema, example)).toEqual([])
  })
})
