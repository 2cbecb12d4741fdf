import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lookFor } from './seen-text.ts'

const isIn = (wanted: string, value: unknown): boolean => lookFor(wanted).isIn(JSON.stringify(value), 'json')

it.each([
  ['say "hi"', { x: 'say "hi" from C:\\temp' }],
  ['C:\\temp', { x: 'say "hi" from C:\\temp' }],
  ['two\nlines', { x: 'two\nlines' }],
  ['straße', { x: 'STRASSE 1' }],
  ['STRASSE', { x: 'Straße' }],
  ['ΟΔΟΣ', { x: 'οδος' }],
  ['istanbul', { x: 'İstanbul' }],
  ['İSTANBUL', { x: 'istanbul' }],
  ['DIŞ', { x: 'dış' }],
  ['жук', { x: 'ЖУК' }],
  ['e\u0301t\u00e9', { x: '\u00e9te\u0301' }],
  ['東京', { 都: '東京都' }],
  ['a "b', { 'a "b': 1 }],
  ['12.5', { sum: 12.5 }],
  ['"sum": 12.5', { sum: 12.5 }],
  ['{ "sum": 1, "b": [1, 2] }'.slice(2, -2), { sum: 1, b: [1, 2] }],
  ['\\"hi\\"', { x: '"hi"' }],
  ['😀', { x: 'so 😀' }],
])('%s is found in %j', (wanted, value) => expect(isIn(wanted, value)).toBe(true))

it('finds letters that JSON writes as escapes, and nothing that is not there', () => {
  expect(lookFor('Жук').isIn('{"x":"\\u0416\\u0443\\u043a"}', 'json')).toBe(true)
  expect(isIn('say hi', { x: 'say "hi"' })).toBe(false)
  expect(lookFor('n').isIn('{"x":"\\t"}', 'json')).toBe(false)
  expect(lookFor('x').isIn(undefined)).toBe(false)
})

it('finds every piece of every value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string(), (piece, around) => {
      expect(isIn(piece, { x: around + piece })).toBe(true)
    }),
  )
})
