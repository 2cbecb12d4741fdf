import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { type SchemaField, schemaFields } from './schema-fields.ts'

const schemaOf = (name: string) => builtInEventTypes.find((type) => type.name === name)?.schema ?? {}

describe('schemaFields', () => {
  it('draws order_placed as the mock does: uuid, e-mail, rows with three columns, a number', () => {
    const fields = schemaFields(schemaOf('order_placed'))
    expect(fields.map((field) => [field.label, field.kind, field.note])).toEqual([
      ['orderId', 'text', 'uuid, required'],
      ['email', 'text', 'required'],
      ['items', 'rows', 'at least 1, required'],
      ['total', 'number', 'number ≥ 0, required'],
    ])
    const items = fields[2]
    if (items?.kind !== 'rows') throw new Error('items is not drawn as rows')
    expect(items.columns.map((column) => [column.path, column.kind])).toEqual([
      [['sku'], 'text'],
      [['qty'], 'number'],
      [['price'], 'number'],
    ])
  })

  it('knows enum, const, boolean, nullable, nested objects, lists, and falls back to JSON', () => {
    const fields = schemaFields({
      $defs: { address: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      type: 'object',
      properties: {
        reason: { enum: ['damaged', 'late'] },
        kind: { const: 'refund' },
        gift: { type: 'boolean' },
        note: { type: ['string', 'null'] },
        due: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
        address: { $ref: '#/$defs/address' },
        tags: { type: 'array', items: { type: 'string' } },
        either: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        open: { type: 'object' },
      },
    })
    expect(Object.fromEntries(fields.map((field) => [field.label, field.kind]))).toEqual({
      reason: 'choice',
      kind: 'constant',
      gift: 'boolean',
      note: 'text',
      due: 'text',
      address: 'group',
      tags: 'list',
      either: 'json',
      open: 'json',
    })
    expect(fields.find((field) => field.label === 'note')?.nullable).toBe(true)
    const address = fields.find((field) => field.label === 'address')
    expect(address?.kind === 'group' && address.fields[0]?.path).toEqual(['address', 'city'])
  })

  it('ends where a schema refers to itself', () => {
    const tree = { type: 'object', properties: { left: { $ref: '#' }, name: { type: 'string' } } }
    expect(JSON.stringify(schemaFields(tree))).toContain('"json"')
  })
})

describe('schemas of every shape', () => {
  const kinds = (schema: object) => schemaFields(schema).map(({ label, kind }) => [label, kind])

  it('edits what any value fits as JSON, and has no field for what none fits', () => {
    const properties = {
      ...{ code: { type: 'string' }, extra: true, open: {}, list: { type: 'array', items: true } },
      ...{ none: false, impossible: { not: {} }, nothing: { type: 'array', items: false } },
      tuple: { type: 'array', prefixItems: [{ type: 'string' }, true] },
    }
    expect(kinds({ type: 'object', properties, additionalProperties: false })).toEqual([
      ...[
        ['code', 'text'],
        ['extra', 'json'],
        ['open', 'json'],
        ['list', 'json'],
      ],
      ...[
        ['nothing', 'json'],
        ['tuple', 'json'],
      ],
    ])
  })

  it('follows references by pointer, anchor and name, also in circles', () => {
    const schema = {
      definitions: { old: { type: 'boolean' } },
      $defs: {
        place: {
          $anchor: 'place',
          type: 'object',
          properties: { 'a/b': { type: 'number' }, next: { $ref: '#place' } },
        },
        loop: { $ref: '#/$defs/pool' },
        pool: { $ref: '#/$defs/loop' },
      },
      properties: {
        to: { $ref: '#place' },
        old: { $ref: '#/definitions/old', description: 'beside' },
        part: { $ref: '#/$defs/place/properties/a~1b' },
        loop: { $ref: '#/$defs/loop' },
        self: { $ref: '#' },
        nowhere: { $ref: '#/$defs/constructor' },
      },
    }
    expect(kinds(schema)).toEqual([
      ...[
        ['to', 'group'],
        ['old', 'boolean'],
        ['part', 'number'],
        ['loop', 'json'],
        ['self', 'json'],
        ['nowhere', 'json'],
      ],
    ])
    expect(schemaFields(schema)[1]?.description).toBe('beside')
  })

  it('stays small where references multiply', () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${index}`)
    const wide = {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { $ref: '#/$defs/wide' }])),
    }
    const count = (fields: SchemaField[]): number =>
      fields.reduce((sum, field) => sum + 1 + (field.kind === 'group' ? count(field.fields) : 0), 0)
    expect(count(schemaFields({ $ref: '#/$defs/wide', $defs: { wide } }))).toBeLessThan(2_000)
  })
})
