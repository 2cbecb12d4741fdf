import { randomUUID } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { varyMessages } from './message-variation.ts'

const optionsOf = (name: string) => {
  const type = builtInEventTypes.find((candidate) => candidate.name === name)
  if (!type) throw new Error(`no type ${name}`)
  return {
    burstId: 'b1',
    schema: type.schema,
    data: JSON.stringify(type.example),
    keyField: type.keyField,
    newUuid: randomUUID,
  }
}

test.each(['user_signup', 'order_placed', 'payment_failed'])(
  'every message of a %s burst is valid and carries its key',
  (name) => {
    const options = optionsOf(name)
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    const validate = ajv.compile(options.schema)
    for (const keys of [undefined, 5]) {
      const vary = varyMessages({ ...options, ...(keys === undefined ? {} : { keys }) })
      const made = Array.from({ length: 50 }, (_, n) => vary(n))
      for (const { body, key } of made) {
        const data = JSON.parse(body)
        expect(validate(data), JSON.stringify(validate.errors)).toBe(true)
        expect(data[options.keyField ?? '']).toBe(key)
      }
      expect(new Set(made.map(({ key }) => key)).size).toBe(keys ?? 50)
    }
  },
)

test('e-mail addresses are one per key, uuids one per message', () => {
  const vary = varyMessages({
    burstId: 'b2',
    schema: {
      properties: {
        customer: { type: 'string' },
        email: { type: 'string', format: 'email' },
        rows: { items: { properties: { id: { type: 'string', format: 'uuid' } } } },
      },
    },
    data: JSON.stringify({
      customer: 'c',
      email: 'a@example.com',
      rows: [{ id: randomUUID() }, { id: randomUUID() }],
      'we"ird': '\u0001$&',
    }),
    keyField: 'customer',
    keys: 3,
    newUuid: randomUUID,
  })
  const made = Array.from({ length: 9 }, (_, n) => JSON.parse(vary(n).body))
  expect(new Set(made.map((data) => data.email)).size).toBe(3)
  expect(new Set(made.flatMap((data) => data.rows.map((row: { id: string }) => row.id))).size).toBe(18)
  expect(made.map((data) => data.customer).slice(0, 4)).toEqual(['c-1', 'c-2', 'c-3', 'c-1'])
  expect(made.every((data) => data['we"ird'] === '\u0001$&')).toBe(true)
})

test('a key field whose schema a suffix could break stays, and the key still varies', () => {
  const schema = { properties: { tier: { type: 'string', enum: ['gold'] } } }
  const vary = varyMessages({
    burstId: 'b3',
    schema,
    data: '{"tier":"gold"}',
    keyField: 'tier',
    keys: 2,
    newUuid: randomUUID,
  })
  expect([0, 1, 2].map((n) => vary(n).key)).toEqual(['key-1', 'key-2', 'key-1'])
  expect(JSON.parse(vary(1).body)).toEqual({ tier: 'gold' })
})

test('without a key field there is no key, unless a number of keys is asked for', () => {
  const base = { burstId: 'b4', schema: {}, data: '{"a":1}', newUuid: randomUUID }
  expect(varyMessages(base)(0)).toEqual({ body: '{"a":1}' })
  expect(varyMessages({ ...base, keys: 2 })(3)).toEqual({ body: '{"a":1}', key: 'key-2' })
})

test('numbers keep their digits, beside texts that look like numbers', () => {
  const data =
    '{"id":820000000000000508,"neg":-7210194211959421178,"price":1.10,"huge":1e400,"zero":-0,"text":"1.10 \\" 2","in":[{"x":1E+2}]}'
  const schema = { properties: { id: { type: 'integer' }, neg: { format: 'uuid' } } }
  expect(varyMessages({ burstId: 'b5', schema, data, keyField: 'id', keys: 2, newUuid: randomUUID })(1)).toEqual({
    body: data,
    key: 'key-2',
  })
})
