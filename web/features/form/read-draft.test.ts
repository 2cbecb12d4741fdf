import { expect, test } from 'vitest'
import { z } from 'zod'
import { errorWithin, readDraft } from './read-draft.ts'

const contract = z.strictObject({
  name: z.string().min(1, 'is required'),
  tags: z.record(z.string(), z.string().max(3, 'is too long')),
  seconds: z.int().optional(),
})

test('a draft that the contract takes is its input', () => {
  const body = { name: 'orders', tags: { a: 'b' } }
  expect(readDraft(contract, { body })).toEqual({ input: body, errors: {} })
})

test('each wrong place has its words, and there is no input', () => {
  const read = readDraft(contract, { body: { name: '', tags: { 'a/b': 'long' } } })
  expect(read).toEqual({ errors: { '/name': 'is required', '/tags/a~1b': 'is too long' } })
})

test('what the form says of a text goes before what the contract says of it', () => {
  const typed = { '/seconds': 'must be a whole number of seconds' }
  const read = readDraft(contract, { body: { name: 'x', tags: {}, seconds: 'soon' }, errors: typed })
  expect(read).toEqual({ errors: typed })
  expect(readDraft(contract, { body: { name: 'x', tags: {} }, errors: typed })).toEqual({ errors: typed })
})

test('a field shows what is wrong within its value, and nothing of a field with a longer name', () => {
  const errors = { '/tags/a': 'is too long', '/names': 'are wrong' }
  expect(errorWithin(errors, '/tags')).toBe('a: is too long')
  expect(errorWithin(errors, '/name')).toBeUndefined()
  expect(errorWithin(errors, '/names')).toBe('are wrong')
})
