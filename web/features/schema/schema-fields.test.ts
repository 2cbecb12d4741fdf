import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { schemaFields } from './schema-fields.ts'

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
