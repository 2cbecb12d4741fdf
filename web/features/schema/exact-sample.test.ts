import { expect, it } from 'vitest'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { randomSource, sampleOf } from '#contracts/schemas/sample.ts'
import { schemaFields } from './schema-fields.ts'
import { validatorOf } from './validator.ts'

it('keeps every digit of values that a schema or an example gives, and reads bounds as numbers', () => {
  const text = `{"type":"object","properties":{
    "preset":{"default":9007199254740993},"shown":{"examples":[9007199254740995]},"fixed":{"const":9007199254740997},
    "one":{"enum":[9007199254740999]},"bound":{"type":"integer","minimum":3,"maximum":9223372036854775807},"given":{"type":"integer"}},
    "required":["fixed","one","bound"]}`
  const schema = parseExact(text) as Record<string, unknown>
  const sample = sampleOf(schema, parseExact('{"given":820000000000000508}'), randomSource)
  expect(writeJson(sample)).toBe(
    '{"preset":9007199254740993,"shown":9007199254740995,"fixed":9007199254740997,"one":9007199254740999,"bound":3,"given":820000000000000508}',
  )
  expect(checkedBy(schema)(sample)).toEqual([])
  expect(schemaFields(schema).map(({ kind }) => kind)).toContain('constant')
  const { bound } = Object.fromEntries(schemaFields(schema).map((field) => [field.label, field]))
  expect(bound?.note).toBe('integer ≥ 3, required')
})

function checkedBy(schema: unknown): (data: unknown) => unknown[] {
  const validator = validatorOf(schema)
  if (!validator.ok) throw new Error('the schema does not compile')
  return validator.check
}
