import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseForm } from './form.ts'

const parse = (text: string) => parseForm(Buffer.from(text))

test('keys with dots become a tree', () => {
  expect(parse('Action=Publish&M.entry.1.Name=a&M.entry.2.Name=b&Empty=')).toEqual({
    Action: 'Publish',
    M: { entry: { 1: { Name: 'a' }, 2: { Name: 'b' } } },
    Empty: '',
  })
})

test('any text comes back as it was encoded', () => {
  const property = fc.property(fc.string({ unit: 'binary' }), (value) => {
    const encoded = new URLSearchParams({ 'a.b': value }).toString()
    expect(parse(encoded)).toEqual({ a: { b: value } })
    const strict = `a.b=${encodeURIComponent(value)}`
    expect(parse(strict)).toEqual({ a: { b: value } })
  })
  fc.assert(property, { numRuns: 500 })
})

test('a key that is a value and a branch is refused, and names of object parts are plain keys', () => {
  expect(parse('a=1&a.b=2')).toBeUndefined()
  expect(parse('a.b=2&a=1')).toBeUndefined()
  expect(parse('__proto__.x=1')?.x).toBeUndefined()
  expect(parse(`${'a.'.repeat(20)}b=1`)).toBeUndefined()
})

test('a stray percent sign stays as it is', () => {
  expect(parse('a=100%&b=%zz&c=%4')).toEqual({ a: '100%', b: '%zz', c: '%4' })
})
