import { expect, it } from 'vitest'
import { mergePatch } from './merge-patch.ts'

// The examples of RFC 7396, appendix A.
it.each([
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
])('%s with %s becomes %s', (value, patch, merged) => {
  expect(mergePatch(value, patch)).toBe(merged)
})

it('treats a field called __proto__ as any other', () => {
  expect(mergePatch('{}', '{"__proto__":{"a":1}}')).toBe('{"__proto__":{"a":1}}')
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

it('leaves the digits of what it does not change, and takes those of the change as written', () => {
  const value = '{ "id" : 820000000000000508, "sum": 1.10, "of": { "big": 1e400, "x": 1 } }'
  expect(mergePatch(value, '{"of":{"x":7194210199999999999}}')).toBe(
    '{"id":820000000000000508,"sum":1.10,"of":{"big":1e400,"x":7194210199999999999}}',
  )
})
