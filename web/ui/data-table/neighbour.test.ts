import { expect, it } from 'vitest'
import { neighbourOf } from './neighbour.ts'

it('finds the neighbours of a row, and an end of the list where there is none to begin from', () => {
  const rows = ['a', 'b']
  const next = (from: string | undefined, by: 1 | -1) => neighbourOf(rows, (row) => row, from, by)
  expect(next('a', 1)).toBe('b')
  expect(next('a', -1)).toBeUndefined()
  expect(next(undefined, 1)).toBe('a')
  expect(next(undefined, -1)).toBe('b')
  expect(next('gone', 1)).toBe('a')
  expect(neighbourOf<string>([], (row) => row, 'a', 1)).toBeUndefined()
})
