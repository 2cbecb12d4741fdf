import { describe, expect, it } from 'vitest'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { validatorOf } from './validator.ts'

const checkOf = (schema: unknown) => {
  const validator = validatorOf(schema)
  if (!validator.ok) throw new Error('the schema does not compile')
  return validator.check
}

describe('validatorOf', () => {
  it('names each problem once, by pointer, with the value', () => {
    const order = builtInEventTypes.find((type) => type.name === 'order_placed')
    const check = checkOf(order?.schema)
    expect(check({ orderId: 'x', items: [{ sku: '', qty: 1.5, price: -1 }], total: '3', more: 1 })).toEqual(
      expect.arrayContaining([
        { path: '/orderId', message: 'must be a uuid' },
        { path: '/email', message: 'is required' },
        { path: '/items/0/sku', message: 'must not be empty' },
        { path: '/items/0/qty', message: 'must be an integer, is 1.5' },
        { path: '/items/0/price', message: 'must be at least 0, is -1' },
        { path: '/total', message: 'must be a number, is a string' },
        { path: '/more', message: 'is not a field of this type' },
      ]),
    )
  })

  it('says a bound and the value', () => {
    const check = checkOf({ type: 'object', properties: { amount: { type: 'number', exclusiveMinimum: 0 } } })
    expect(check({ amount: 0 })).toEqual([{ path: '/amount', message: 'must be greater than 0, is 0' }])
  })

  it('reports what is wrong with a schema, by pointer into it', () => {
    expect(validatorOf({ type: 'object', properties: { a: { type: 'nonsense' } } })).toMatchObject({
      ok: false,
      problems: [{ path: '/properties/a/type' }],
    })
    expect(validatorOf({ $ref: '#/$defs/none' }).ok).toBe(false)
    expect(validatorOf({ type: 'string', pattern: '(' }).ok).toBe(false)
    expect(validatorOf([])).toEqual({ ok: false, problems: [{ path: '', message: 'must be an object' }] })
  })
})
