import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { compileSchema } from './compile-schema.ts'
import { randomSource, sampleOf } from './sample.ts'

const source = { uuid: () => '0c9a7be2-41d8-4f57-9e30-b6d2a81f5c74', now: () => new Date('2026-01-02T03:04:05.678Z') }

describe('sampleOf', () => {
  it('takes default, then examples[0], then the example, then makes one', () => {
    const schema = {
      type: 'object',
      required: ['a', 'b', 'c', 'd'],
      properties: {
        a: { type: 'string', default: 'by default' },
        b: { type: 'string', examples: ['by examples'] },
        c: { type: 'string' },
        d: { type: 'string' },
        e: { type: 'string' },
      },
    }
    const example = { a: 'no', b: 'no', c: 'by example', extra: 1 }
    expect(sampleOf(schema, example, source)).toEqual({
      a: 'by default',
      b: 'by examples',
      c: 'by example',
      d: 'text',
      extra: 1,
    })
  })

  it.each(builtInEventTypes.map((type) => [type.name, type] as const))('makes valid data for %s', (_, type) => {
    const validator = compileSchema(type.schema, { allErrors: true })
    if (!validator.ok) throw new Error('the schema does not compile')
    expect(validator.errorsOf(sampleOf(type.schema, undefined, source))).toEqual([])
    expect(sampleOf(type.schema, type.example, source)).toEqual(type.example)
  })

  it('keeps bounds, lengths and formats', () => {
    const schema = {
      type: 'object',
      properties: {
        amount: { type: 'number', exclusiveMinimum: 0 },
        share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        step: { type: 'integer', minimum: 7, multipleOf: 5 },
        code: { type: 'string', minLength: 6 },
        at: { type: 'string', format: 'date-time' },
        kind: { enum: ['damaged', 'late'] },
        lines: { type: 'array', minItems: 2, items: { type: 'integer', maximum: -3 } },
      },
    }
    const validator = compileSchema(schema, { allErrors: true })
    if (!validator.ok) throw new Error('the schema does not compile')
    expect(validator.errorsOf(sampleOf(schema, undefined, source))).toEqual([])
  })

  it('makes uuids that the format accepts', () => {
    const validator = compileSchema({ type: 'string', format: 'uuid' }, { allErrors: true })
    expect(validator.ok && validator.errorsOf(randomSource.uuid())).toEqual([])
    expect(randomSource.uuid()).not.toBe(randomSource.uuid())
  })
})

describe('samples of every shape', () => {
  const valid = (schema: object, example?: unknown) => {
    const validator = compileSchema(schema, { allErrors: true })
    if (!validator.ok) throw new Error(JSON.stringify(validator.problems))
    const sample = sampleOf(schema, example, source)
    return { sample, problems: validator.errorsOf(sample) }
  }

  it('fits boolean schemas, tuples, anchors and circles', () => {
    const schema = {
      type: 'object',
      required: ['tree', 'pair'],
      $defs: {
        node: {
          $anchor: 'node',
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, next: { $ref: '#node' } },
        },
      },
      properties: {
        ...{ any: true, none: false, impossible: { not: {} }, list: { type: 'array', items: true } },
        ...{ empty: { type: 'array', items: false }, tree: { $ref: '#node' } },
        pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
        cents: { type: 'number', multipleOf: 0.1, minimum: 0.3 },
      },
      additionalProperties: false,
    }
    expect(valid(schema).problems).toEqual([])
    expect(valid(schema).sample).toMatchObject({ pair: ['text', 1], empty: [], cents: 0.3 })
    expect(
      valid({ properties: { code: { type: 'string' }, extra: true } }, { code: 'P-1', extra: { any: 1 } }).sample,
    ).toEqual({ code: 'P-1', extra: { any: 1 } })
  })

  it('ends where a schema goes on for ever or multiplies', () => {
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`)
    const endless = { type: 'object', required: ['next'], properties: { next: { $ref: '#' } } }
    const wide = { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { $ref: '#' }])) }
    const circle = { properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }
    for (const schema of [endless, wide, circle]) {
      expect(JSON.stringify(sampleOf(schema, undefined, source)).length).toBeLessThan(2_000_000)
    }
  })

  it('keeps fields that are called like parts of every object', () => {
    const example = JSON.parse('{"__proto__":{"a":1},"constructor":2}')
    const sample = sampleOf({ type: 'object', properties: { code: { type: 'string' } } }, example, source)
    expect(JSON.stringify(sample)).toBe('{"__proto__":{"a":1},"constructor":2}')
  })
})
