import { expect, test } from 'vitest'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { firstFile, seedOfText } from './scenario-drafts.ts'

test('a seed is a whole number of 31 bits, and nothing is that of the file', () => {
  expect(seedOfText('')).toEqual({})
  expect(seedOfText(' 42 ')).toEqual({ seed: 42 })
  for (const typed of ['-1', '1.5', '2147483648', 'x', '1e3']) expect(seedOfText(typed).problem).toBeDefined()
})

test('the file that one begins with is a scenario', () => {
  expect(readScenario(firstFile).problems).toEqual([])
})
