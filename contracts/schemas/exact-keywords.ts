import type { Ajv, ErrorObject } from 'ajv'
import type { DataValidateFunction, DataValidationCxt } from 'ajv/dist/types/index.js'
import { compareDecimals } from '../events/compare-decimals.ts'
import { decimalOf } from '../events/decimal.ts'
import { ExactJson } from '../events/exact-json.ts'
import { isMultipleOf } from './exact-multiple.ts'
import type { ExactTwins } from './exact-twins.ts'

/** What a keyword finds wrong, and undefined if nothing is. */
type Judge = (value: unknown, given: unknown) => Pick<ErrorObject, 'message' | 'params'> | undefined

/** A JSON number as text, with the digits that it was given. */
const textOf = (number: unknown): string => String(number)

const limit =
  (comparison: string, holds: (order: number) => boolean): Judge =>
  (value, given) =>
    holds(compareDecimals(textOf(value), textOf(given)))
      ? undefined
      : { message: `must be ${comparison} ${textOf(given)}`, params: { comparison, limit: given } }

/** One text for each value that JSON Schema holds to be the same: `1.0` is `1`, and the order of names says nothing. */
export function sameText(value: unknown): string {
  if (typeof value === 'number' || value instanceof ExactJson) return decimalOf(textOf(value))
  if (Array.isArray(value)) return `[${value.map(sameText).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${sameText(inner)}`).join()}}`
}

const onNumbers: Record<string, Judge> = {
  maximum: limit('<=', (order) => order <= 0),
  minimum: limit('>=', (order) => order >= 0),
  exclusiveMaximum: limit('<', (order) => order < 0),
  exclusiveMinimum: limit('>', (order) => order > 0),
  multipleOf: (value, step) =>
    isMultipleOf(textOf(value), textOf(step))
      ? undefined
      : { message: `must be multiple of ${textOf(step)}`, params: { multipleOf: step } },
}

const onAnything: Record<string, Judge> = {
  const: (value, given) =>
    sameText(value) === sameText(given)
      ? undefined
      : { message: 'must be equal to constant', params: { allowedValue: given } },
  enum: (value, given) =>
    (given as unknown[]).some((one) => sameText(one) === sameText(value))
      ? undefined
      : { message: 'must be equal to one of the allowed values', params: { allowedValues: given } },
}

const unique: Judge = (value, given) => {
  if (given !== true) return undefined
  const seen = new Map<string, number>()
  for (const [i, item] of (value as unknown[]).entries()) {
    const text = sameText(item)
    const j = seen.get(text)
    if (j !== undefined)
      return { message: `must NOT have duplicate items (items ## ${j} and ${i} are identical)`, params: { i, j } }
    seen.set(text, i)
  }
  return undefined
}

/** Puts keywords that compare numbers by every digit in the place of those that compare what JavaScript made of them. */
export function addExactKeywords(ajv: Ajv, twins: ExactTwins): void {
  const add = (keyword: string, judge: Judge, type?: 'number' | 'array'): void => {
    ajv.removeKeyword(keyword)
    ajv.addKeyword({
      keyword,
      ...(type === undefined ? {} : { type }),
      compile(given: unknown, parent: object) {
        const exact = twins.ofSchema(parent, keyword, given)
        const validate: DataValidateFunction = (value: unknown, at?: DataValidationCxt) => {
          const found = judge(twins.ofData(value, at), exact)
          validate.errors = found === undefined ? [] : [{ keyword, ...found }]
          return found === undefined
        }
        return validate
      },
    })
  }
  for (const [keyword, judge] of Object.entries(onNumbers)) add(keyword, judge, 'number')
  for (const [keyword, judge] of Object.entries(onAnything)) add(keyword, judge)
  add('uniqueItems', unique, 'array')
}
