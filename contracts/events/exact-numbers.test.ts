import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactJson, writeJson } from './exact-json.ts'
import { keepsNumbers, parseExact, plainOf } from './exact-numbers.ts'

const long = ['9007199254740993', '820000000000000508', '-7210194211959421178', '0.1234567890123456789', '1e999']

describe('parseExact', () => {
  it.each(long)('keeps %s digit by digit, wherever it is', (number) => {
    const text = `{"a":[${number},{"b":${number}}],"text":"${number}","${number}":1}`
    expect(keepsNumbers(text)).toBe(false)
    expect(writeJson(parseExact(text))).toBe(text)
    expect(writeJson(parseExact(number))).toBe(number)
  })

  it.each(['9007199254740991', '1.50', '1e3', '0.1', '-0', '5e-324'])('reads %s as a number', (number) => {
    expect(keepsNumbers(number)).toBe(true)
    expect(parseExact(number)).toBe(JSON.parse(number))
  })

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify({ value, id: 0 }).replace(/0}$/, '9007199254740993}')
        const read = parseExact(text) as { value: unknown; id: unknown }
        expect(read.value).toEqual(JSON.parse(JSON.stringify(value)))
        expect(String(read.id)).toBe('9007199254740993')
        expect(plainOf(read)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('takes no text of the data for a number, and no key for another', () => {
    const text = '{"__proto__":9007199254740993,"a":"\\u0023 9007199254740993","b":"\\"9007199254740993"}'
    expect(writeJson(parseExact(text))).toBe(text.replace('\\u0023', '#'))
  })

  it('throws where the text is not JSON', () => {
    for (const text of ['', '{"a":9007199254740993', '[9007199254740993,]', '09007199254740993'])
      expect(() => parseExact(text)).toThrow(SyntaxError)
  })
})

it('shows an exact number as it is written', () => {
  expect(`${new ExactJson('9007199254740993')}`).toBe('9007199254740993')
  expect(writeJson({ a: new ExactJson('1.10') }, 2)).toBe('{\n  "a": 1.10\n}')
})
