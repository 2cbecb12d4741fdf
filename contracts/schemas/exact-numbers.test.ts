import { describe, expect, it, test } from 'vitest'
import { compareDecimals } from '../events/compare-decimals.ts'
import { parseExact } from '../events/exact-numbers.ts'
import { compileSchema } from './compile-schema.ts'
import { dataProblems } from './data-problems.ts'

/** 2^53; the number after it is the first that JavaScript has no room for. */
const last = '9007199254740992'
const beyond = '9007199254740993'

function wrong(schema: string, data: string): string[] {
  const compiled = compileSchema(parseExact(schema), { allErrors: true })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const value = parseExact(data)
  return dataProblems(compiled.errorsOf(value), value).map(({ path, message }) => `${path} ${message}`)
}

describe('numbers beyond 2^53 are compared by every digit', () => {
  it.each([
    ['maximum', `{"maximum":${last}}`, last, beyond],
    ['maximum beyond', `{"maximum":${beyond}}`, beyond, '9007199254740994'],
    ['minimum', `{"minimum":${beyond}}`, beyond, last],
    ['exclusiveMinimum', `{"exclusiveMinimum":${last}}`, beyond, last],
    ['exclusiveMaximum', `{"exclusiveMaximum":-${last}}`, `-${beyond}`, `-${last}`],
    ['const', `{"const":${beyond}}`, beyond, last],
    ['const within', `{"const":{"a":[${beyond}],"b":1}}`, `{"b":1.0,"a":[${beyond}.0]}`, `{"b":1,"a":[${last}]}`],
    ['enum', `{"enum":["a",${beyond}]}`, beyond, last],
    ['uniqueItems', '{"uniqueItems":true,"maxItems":9}', `[${last},${beyond}]`, `[${beyond},${beyond}.0]`],
    ['multipleOf', '{"multipleOf":3}', beyond, '9007199254740994'],
    ['multipleOf of many digits', `{"multipleOf":${beyond}}`, '18014398509481986', '18014398509481987'],
    ['multipleOf of any size', '{"multipleOf":0.01}', '1e999999999999', '1e-999999999999'],
    ['integer', '{"type":"integer"}', `${beyond}.0`, `${beyond}.5`],
    ['integer of any size', '{"type":"integer","minimum":1e400}', '2e400', '1e399'],
    ['number', '{"type":"number","exclusiveMinimum":0}', '1e-400', '-1e-400'],
  ])('%s', (_, schema, right, refused) => {
    expect(wrong(`{"properties":{"x":${schema}}}`, `{"x":${right}}`)).toEqual([])
    expect(wrong(`{"properties":{"x":${schema}}}`, `{"x":${refused}}`)).toHaveLength(1)
    const shared = `{"$defs":{"x":{"items":${schema}}},"properties":{"l":{"$ref":"#/$defs/x"}}}`
    expect(wrong(shared, `{"l":[${right},${refused}]}`).map((said) => said.split(' ')[0])).toEqual(['/l/1'])
  })

  it('says them with their digits', () => {
    const schema = `{"properties":{"a":{"maximum":${beyond}},"b":{"const":${beyond}},"c":{"enum":[1,${beyond}]}}}`
    expect(wrong(schema, `{"a":9007199254740995,"b":${last},"c":9007199254740997}`)).toEqual([
      `/a must be <= ${beyond}, is 9007199254740995`,
      `/b must be ${beyond}`,
      `/c must be one of 1, ${beyond}`,
    ])
  })

  it('takes names for no numbers', () => {
    const schema = `{"propertyNames":{"enum":["id","n"]},"properties":{"id":{"const":${beyond}}}}`
    expect(wrong(schema, `{"id":${beyond},"n":"${beyond}"}`)).toEqual([])
    expect(wrong(schema, `{"ID":${beyond}}`)).toHaveLength(2)
  })
})

test('numbers of any size have their order', () => {
  const rising = [
    '-1e999999999',
    '-10',
    '-9.99',
    '-1e-400',
    '0',
    '5e-324',
    '0.1',
    '1',
    '1.05',
    '1.5',
    '9',
    '10',
    '1e400',
  ]
  for (const [index, number] of rising.entries())
    for (const [other, second] of rising.entries())
      expect(Math.sign(compareDecimals(number, second))).toBe(Math.sign(index - other))
  expect(compareDecimals('1.50', '15e-1')).toBe(0)
  expect(compareDecimals('-0', '0.00')).toBe(0)
})
