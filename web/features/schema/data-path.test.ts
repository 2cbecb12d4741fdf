import { expect, it } from 'vitest'
import { valueAt, withValueAt } from './data-path.ts'

const data = { a: { b: [1, 2, 3] }, c: 'x' }

it('reads and replaces a value, and leaves the original alone', () => {
  expect(valueAt(data, ['a', 'b', 1])).toBe(2)
  expect(valueAt(data, ['a', 'none', 1])).toBeUndefined()
  expect(valueAt(data, ['constructor'])).toBeUndefined()
  expect(withValueAt(data, ['a', 'b', 1], 9)).toEqual({ a: { b: [1, 9, 3] }, c: 'x' })
  expect(data.a.b[1]).toBe(2)
})

it('makes missing objects, and removes a field or an item', () => {
  expect(withValueAt({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } })
  expect(withValueAt({}, ['a', 0, 'b'], 1)).toEqual({ a: [{ b: 1 }] })
  expect(withValueAt(data, ['a', 'b', 0], undefined)).toEqual({ a: { b: [2, 3] }, c: 'x' })
  expect(withValueAt(data, ['c'], undefined)).toEqual({ a: { b: [1, 2, 3] } })
})
