import { expect, test } from 'vitest'
import { parsePolicyJson } from './policy-json.ts'

const said = (text: string): string => {
  try {
    parsePolicyJson(text, (reason) => new Error(reason))
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it was taken')
}
const at = (line: number, column: number): string =>
  `[Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${column}]`
const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

test('S39 a policy that is JSON is read', () => {
  expect(parsePolicyJson('{"a":[1]}', (reason) => new Error(reason))).toEqual({ a: [1] })
})

test.each([
  ['{invalidjson}', "Unexpected character ('i' (code 105)): was expecting double-quote to start field name", at(1, 2)],
  ['invalid', `Unrecognized token 'invalid': was expecting ${values}`, at(1, 8)],
  ['{"a": ["b"}', "Unexpected character ('}' (code 125)): was expecting comma to separate Array entries", at(1, 11)],
  [
    '{"a": ["b"],\n}',
    "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
    at(2, 1),
  ],
  [
    '{"a" ["b"]}',
    "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value",
    at(1, 6),
  ],
  ['{"a": [,]}', `Unexpected character (',' (code 44)): expected a valid value ${values}`, at(1, 8)],
  ['{"a": [01]}', 'Invalid numeric value: Leading zeroes not allowed', at(1, 8)],
  ['{"a": "b', 'Unexpected end-of-input: was expecting closing quote for a string value', at(1, 9)],
  ['{"a', 'Unexpected end-of-input in field name', at(1, 4)],
  ['{"a"', 'Unexpected end-of-input within/between Object entries', at(1, 5)],
  ['{"a": "\\x"}', "Unrecognized character escape 'x' (code 120)", at(1, 9)],
  ['{"a": [1', `Unexpected end-of-input: expected close marker for Array (start marker at ${at(1, 7)})`, at(1, 9)],
  ['', 'No content to map due to end-of-input', at(1, 1)],
])('S39 %j is refused with what is wrong and where', (text, reason, place) => {
  expect(said(text)).toBe(`failed to parse JSON. ${reason}\n at ${place}`)
})

test('S39 whatever is no JSON is refused with a place', () => {
  for (const text of [
    '{} {',
    '[1]]',
    '"a" b',
    `${'['.repeat(5_000)}`,
    '\u0000',
    '{"a":"\n"}',
    '-',
    '{"a":tru}',
    '1 2',
  ]) {
    expect(said(text)).toMatch(/^failed to parse JSON\. .+\n at \[Source: REDACTED .+ line: \d+, column: \d+\]$/s)
  }
})
