import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonTokens } from './json-tokens.ts'

it('loses no character of any text', () => {
  const text = fc.oneof(fc.json(), fc.string(), fc.string({ unit: fc.constantFrom(...'"\\:{}1-tf \n') }))
  fc.assert(
    fc.property(text, (value) => {
      expect(
        jsonTokens(value)
          .map((token) => token.text)
          .join(''),
      ).toBe(value)
    }),
  )
})

it('distinguishes keys from strings', () => {
  expect(jsonTokens('{"a": "b", "c": 1}').filter((token) => token.kind && token.kind !== 'p')).toEqual([
    { kind: 'k', text: '"a"' },
    { kind: 's', text: '"b"' },
    { kind: 'k', text: '"c"' },
    { kind: 'n', text: '1' },
  ])
})
