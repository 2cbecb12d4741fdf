import { expect, it } from 'vitest'
import { readChange } from './read-change.ts'

it('reads an object as a change, and nothing as none', () => {
  expect(readChange('')).toEqual({})
  expect(readChange(' { } ')).toEqual({})
  expect(readChange('{"name": "Ada", "plan": null}')).toEqual({ value: { name: 'Ada', plan: null } })
})

it('says why a text is no change', () => {
  expect(readChange('{"name"').problem).toMatch(/JSON/)
  expect(readChange('[1]').problem).toMatch(/object/)
  expect(readChange('null').problem).toMatch(/object/)
})
