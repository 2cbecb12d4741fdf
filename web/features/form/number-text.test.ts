import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { numberOf, numberProblem } from './number-text.ts'

describe('numberOf', () => {
  it.each([
    ['1500', 'en-US', 1500],
    [' 4.35 ', 'en-US', 4.35],
    ['1.500', 'en-US', 1.5],
    ['1,5', 'de-DE', 1.5],
    ['1.5', 'de-DE', 1.5],
    ['1,50', 'fr-FR', 1.5],
    ['0,125', 'de-DE', 0.125],
    ['0.125', 'de-DE', 0.125],
    ['-0.5', 'en-US', -0.5],
    ['.5', 'en-US', 0.5],
    ['+7', 'en-US', 7],
    ['1e5', 'en-US', 100_000],
    ['2.5E-3', 'de-DE', 0.0025],
    ['9007199254740991', 'en-US', 9007199254740991],
    ['', 'en-US', undefined],
    ['  ', 'de-DE', undefined],
  ])('takes %j in %s', (text, locale, value) => expect(numberOf(text, locale)).toBe(value))

  it.each([
    ['1,500', 'en-US'],
    ['1,500', 'de-DE'],
    ['1.500', 'de-DE'],
    ['-12.345', 'fr-FR'],
    ['1,500.25', 'en-US'],
    ['1.500,25', 'de-DE'],
    ['1,5', 'en-US'],
    ['1 500', 'fr-FR'],
    ['1\u202f500', 'fr-FR'],
    ["1'500", 'de-CH'],
    ['١٢٣', 'ar-EG'],
    ['１２', 'ja-JP'],
    ['5 kg', 'en-US'],
    ['0x10', 'en-US'],
    ['1_000', 'en-US'],
    ['Infinity', 'en-US'],
    ['1e999', 'en-US'],
    ['1e', 'en-US'],
    ['-', 'en-US'],
  ])('refuses %j in %s, and keeps what was typed', (text, locale) => {
    expect(numberOf(text, locale)).toBe(text)
    expect(numberProblem(text, locale)).toEqual(expect.any(String))
  })

  it.each([
    ['9007199254740993', 'en-US', '9007199254740993'],
    [' -820000000000000508', 'de-DE', '-820000000000000508'],
    ['0,1234567890123456789', 'de-DE', '0.1234567890123456789'],
    ['+0.1234567890123456789', 'en-US', '0.1234567890123456789'],
  ])('keeps every digit of %j in %s', (text, locale, written) => {
    const value = numberOf(text, locale)
    expect(value).toBeInstanceOf(ExactJson)
    expect(String(value)).toBe(written)
    expect(numberProblem(text, locale)).toBeUndefined()
  })

  it('takes every number as JSON writes it, wherever it means one thing', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = JSON.stringify(value)
        expect(numberOf(text, 'en-US')).toBe(JSON.parse(text))
      }),
    )
  })
})
