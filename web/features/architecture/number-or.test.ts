import { expect, test } from 'vitest'
import { changeService, servicesIn } from './lab-document.ts'
import { numberOr } from './number-or.ts'

const text = 'services:\n  a: { builtin: email, replicas: 2 }\n'
const typed = (replicas: string, from = text) => changeService(from, 'a', { replicas: numberOr(replicas) })

test('a number is written as one, an empty field takes its key away', () => {
  expect(typed('3')).toContain('replicas: 3')
  expect(typed('')).not.toContain('replicas')
})

test('what is not a number is written and shown as it was typed, and can be corrected to any number', () => {
  const wrong = typed('two')
  expect(servicesIn(wrong)).toMatchObject([{ replicas: 'two' }])
  expect(typed('1', wrong)).toBe(text.replace('replicas: 2', 'replicas: 1'))
})

test('no digit of a number that is too long for the file is changed', () => {
  expect(numberOr('9007199254740993')).toBe('9007199254740993')
  expect(numberOr('9007199254740991')).toBe(9_007_199_254_740_991)
})
