import { describe, expect, it } from 'vitest'
import { deepestJson, memberTexts, parseJson, UnfitJson } from './json-text.ts'

const nested = (levels: number, inner = '') => '['.repeat(levels) + inner + ']'.repeat(levels)
const refusal = (text: string) => {
  try {
    parseJson(text)
  } catch (error) {
    return error instanceof UnfitJson ? { path: error.path, message: error.message } : String(error)
  }
  return undefined
}

describe('parseJson', () => {
  it.each([nested(deepestJson), `{"a":"${'['.repeat(500)}"}`, '"\\\\"', '{"a":"\\"[","b":[1]}', ' [] ', '1e400', '""'])(
    'gives what JSON.parse gives for %s',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    },
  )

  it('names the place that is too deep', () => {
    expect(refusal(nested(deepestJson + 1))).toEqual({
      path: '/0'.repeat(deepestJson),
      message: `is nested deeper than ${deepestJson} levels of arrays and objects`,
    })
    const text = `{"x":1,"a/b":{"list":[0,"],[",${nested(100_000)}]}}`
    expect(refusal(text)).toMatchObject({ path: `/a~1b/list/2${'/0'.repeat(deepestJson - 3)}` })
    expect(refusal('{"a":'.repeat(70))).toMatchObject({ path: '/a'.repeat(deepestJson) })
  })

  it.each([
    ['{"__proto__":{"a":1}}', '/__proto__'],
    ['{"a":[{"b":{"\\u005f_proto__":1}}]}', '/a/0/b/__proto__'],
    ['{"a/b":{"__proto__":null}}', '/a~1b/__proto__'],
  ])('refuses the key in %s and names its place', (text, path) => {
    expect(refusal(text)).toMatchObject({ path, message: expect.stringContaining('rename it') })
  })

  it('takes other names that objects have, and texts that only look alike', () => {
    const text = '{"constructor":{"prototype":{"x":1}},"toString":1,"a":"__proto__","__proto":2,"\\u0061bc":"\\u0000"}'
    const value = parseJson(text)
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)))
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('refuses a byte order mark by its name', () => {
    expect(refusal('\ufeff{}')).toContain('byte order mark')
  })
})

describe('memberTexts', () => {
  it('gives values as they are written', () => {
    const text =
      ' {"a" : 820000000000000508, "b":1.10 ,"c":[1e400, {"x":"},\\""} ],"d":"q\\"\\\\","e":-0,"f":{} , "\\u0067":null\n}'
    expect(Object.fromEntries(memberTexts(text))).toEqual({
      a: '820000000000000508',
      b: '1.10',
      c: '[1e400, {"x":"},\\""} ]',
      d: '"q\\"\\\\"',
      e: '-0',
      f: '{}',
      g: 'null',
    })
  })

  it('takes the last of repeated names, and none of an empty object', () => {
    expect(memberTexts('{"a":1,"a":[2]}').get('a')).toBe('[2]')
    expect(memberTexts(' { } ').size).toBe(0)
  })
})
