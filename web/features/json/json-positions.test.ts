import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parsePlacedJson, textPositionOf } from './json-positions.ts'

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const indent of [0, 2]) {
          const text = JSON.stringify(value, null, indent)
          const parsed = parsePlacedJson(text)
          expect(parsed).toMatchObject({ ok: true, value: JSON.parse(text) })
        }
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1e-. \ntrue\\u') }), (text) => {
        const valid = (() => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        expect(parsePlacedJson(text).ok).toBe(valid)
      }),
    )
  })

  it('knows the line of each value by its pointer', () => {
    const parsed = parsePlacedJson('{\n  "a": 1,\n  "b/c": [\n    true\n  ]\n}')
    if (!parsed.ok) throw new Error(parsed.message)
    expect(parsed.places.get('/a')?.line).toBe(2)
    expect(parsed.places.get('/b~1c/0')?.line).toBe(4)
    expect(textPositionOf(parsed.places, '/b~1c/7/missing')?.line).toBe(3)
  })

  it('reports line, column and what is expected', () => {
    expect(parsePlacedJson('{\n  "a": 1\n  "b": 2\n}')).toEqual({
      ok: false,
      message: '“,” or “}” is expected, “"” is found',
      from: 13,
      line: 3,
      column: 3,
    })
    expect(parsePlacedJson('')).toMatchObject({ ok: false, line: 1, column: 1 })
    expect(parsePlacedJson('{} x')).toMatchObject({ ok: false, message: 'there is text after the end of the JSON' })
  })
  it.each([
    ['{"a": tru}', '“tru” is not JSON', 7],
    ['[1, 2', '“,” or “]” is expected, the end of the text is found', 6],
    ['{"a" 1}', '“:” is expected, “1” is found', 6],
    ['{a: 1}', '“a” is not JSON', 2],
    ['{1: 1}', 'a key in double quotes is expected, “1” is found', 2],
    ['[1.]', 'the number “1.” is not complete', 2],
    ['["a\nb"]', 'a string is not closed, or has a character that must be escaped', 2],
    ['[1] // why', 'there is text after the end of the JSON', 5],
    ['[/* why */ 1]', '“/* why */” is not JSON', 2],
  ])('reports what is wrong with %s', (text, message, column) => {
    expect(parsePlacedJson(text)).toMatchObject({ ok: false, message, line: 1, column })
  })

  it('has the last of two equal keys, as JSON.parse', () => {
    const parsed = parsePlacedJson('{"a": 1,\n"a": 2}')
    if (!parsed.ok) throw new Error(parsed.message)
    expect(parsed).toMatchObject({ value: { a: 2 } })
    expect(parsed.places.get('/a')?.line).toBe(2)
  })
})

it.each(['9007199254740993', '[1, 123456789012345678901]', '{"a": 0.12345678901234567890}', '1e999'])(
  'keeps every digit of %s',
  (text) => {
    const parsed = parsePlacedJson(text)
    expect(parsed.ok && writeJson(parsed.value)).toBe(text.replaceAll(' ', ''))
  },
)

it.each(['9007199254740991', '1.50', '1e3', '1E+2', '0.1', '-0', '1e21', '5e-324'])('keeps %s', (text) =>
  expect(parsePlacedJson(text)).toMatchObject({ ok: true, value: JSON.parse(text) }),
)
