import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { fillTemplate, unknownPlaceholders } from './email-template.ts'
import { blankDraft, checkDraft, eventTypeDraftOf, serverProblems } from './event-type-draft.ts'

const refund = {
  ...blankDraft(['consumer-db']),
  name: 'refund_issued',
  keyField: 'refundId',
  schema: `{
  "type": "object",
  "required": ["refundId", "amount"],
  "properties": {
    "refundId": { "type": "string" },
    "amount": { "type": "number", "exclusiveMinimum": 0 }
  }
}`,
  example: '{\n  "refundId": "x",\n  "amount": 12\n}',
}

describe('checkDraft', () => {
  it('lets a good draft be saved', () => {
    expect(checkDraft(refund, []).input).toMatchObject({
      name: 'refund_issued',
      keyField: 'refundId',
      example: { refundId: 'x', amount: 12 },
      consumers: ['consumer-db'],
    })
    expect(checkDraft({ ...blankDraft([]), name: 'fresh' }, []).blocked).toBeUndefined()
    for (const type of builtInEventTypes) {
      expect(checkDraft(eventTypeDraftOf({ ...type, consumers: [], published: 0 }), []).blocked).toBeUndefined()
    }
  })

  it('saves numbers beyond 2^53 as they are written, in schema and example', () => {
    const schema = '{"type":"object","properties":{"refundId":{"type":"integer","maximum":9223372036854775807}}}'
    const example = '{"refundId":820000000000000508}'
    const { input, blocked } = checkDraft({ ...refund, schema, example }, [])
    expect(blocked).toBeUndefined()
    expect(writeJson({ ...input?.schema, ...input?.example })).toContain('9223372036854775807')
    expect(writeJson(input?.example)).toBe(example)
    if (!input) return
    const item = { ...input, topic: 'refunds', version: 1, builtIn: false, consumers: [], published: 0 }
    expect(eventTypeDraftOf(item)).toMatchObject({ example: expect.stringContaining('820000000000000508') })
  })

  it('says what is wrong with the example, and on which line', () => {
    const check = checkDraft({ ...refund, example: '{\n  "refundId": "x",\n  "amount": 0\n}' }, [])
    expect(check.example).toMatchObject([
      { path: '/amount', message: 'must be greater than 0, is 0', place: { line: 3 } },
    ])
    expect(check.blocked).toBe('Fix the example to save')
    expect(check.input).toBeUndefined()
  })

  it('says what is wrong with the schema, and on which line', () => {
    const wrong = refund.schema.replace('"number"', '"nonsense"')
    expect(checkDraft({ ...refund, schema: wrong }, []).schema[0]).toMatchObject({
      path: '/properties/amount/type',
      place: { line: 6 },
    })
    expect(checkDraft({ ...refund, schema: '{\n  "type": \n}' }, []).schema[0]).toMatchObject({ place: { line: 3 } })
    expect(checkDraft({ ...refund, schema: '[]' }, []).schema[0]?.message).toBe('must be an object')
  })

  it('wants a free name, a key field that the example has, and a whole e-mail', () => {
    expect(checkDraft({ ...refund, name: '' }, []).name).toBe('is required')
    expect(checkDraft({ ...refund, name: 'Refund' }, []).name).toContain('lower-case')
    expect(checkDraft(refund, ['refund_issued']).name).toBe('is taken by another type')
    expect(checkDraft({ ...refund, of: 'refund_issued' }, ['refund_issued']).name).toBeUndefined()
    expect(checkDraft({ ...refund, keyField: 'none' }, []).keyField).toContain('no text or number')
    expect(checkDraft({ ...refund, mailed: true, subject: 'Hello' }, [])).toMatchObject({ body: 'is required' })
  })
})

it('sorts the server’s problems to the parts of the editor', () => {
  const sorted = serverProblems(
    {
      type: '/problems/invalid_body',
      title: '',
      status: 400,
      detail: '',
      code: 'invalid_body',
      errors: [
        { path: '/schema/properties/amount', message: 'a' },
        { path: '/name', message: 'b' },
        { path: '/email/subject', message: 'c' },
        { path: '/consumers/0', message: 'd' },
      ],
    },
    refund,
  )
  expect(sorted).toMatchObject({ name: 'b', subject: 'c', rest: [{ path: '/consumers/0', message: 'd' }] })
  expect(sorted.schema).toMatchObject([{ path: '/properties/amount', place: { line: 6 } }])
})

describe('e-mail templates', () => {
  const data = { name: 'Ada', items: [{ sku: 'KB-87' }], total: 3 }

  it('fills in values by path', () => {
    expect(fillTemplate('Dear {{data.name}}, {{ data.items.0.sku }}: {{data.total}}{{data.none}}', data)).toEqual([
      { text: 'Dear ' },
      { text: 'Ada', field: 'data.name', filled: true },
      { text: ', ' },
      { text: 'KB-87', field: 'data.items.0.sku', filled: true },
      { text: ': ' },
      { text: '3', field: 'data.total', filled: true },
      { text: '', field: 'data.none', filled: false },
    ])
  })

  it('warns of placeholders that the schema does not have', () => {
    const order = builtInEventTypes.find((type) => type.name === 'order_placed')?.schema ?? {}
    const template = '{{data.email}} {{data.items.0.sku}} {{data.nme}} {{name}} {{data.items.0.colour}}'
    expect(unknownPlaceholders(template, order)).toEqual(['data.nme', 'name', 'data.items.0.colour'])
  })
})

describe('placeholders of schemas of every shape', () => {
  it.each([
    ['data.extra.any', { properties: { extra: true } }, true],
    ['data.none', { properties: { none: false } }, false],
    ['data.none.more', { properties: { none: false } }, false],
    ['data.next.next.name', { properties: { next: { $ref: '#' }, name: {} } }, true],
    ['data.next.next.nome', { properties: { next: { $ref: '#' }, name: {} } }, false],
    ['data.list.0.x', { properties: { list: { items: true } } }, true],
    ['data.pair.1', { properties: { pair: { prefixItems: [true, { type: 'string' }] } } }, true],
    ['data.constructor', { properties: { name: {} } }, false],
    ['data.a', { properties: 5 as unknown as object }, false],
  ])('%s in %j is known: %s', (name, schema, isKnown) => {
    expect(unknownPlaceholders(`{{${name}}}`, schema as object)).toEqual(isKnown ? [] : [name])
  })
})
