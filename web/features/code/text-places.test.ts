import { expect, test } from 'vitest'
import { offsetAt, tokenAt } from './text-places.ts'

const text = `# The shop and what follows.
apiVersion: faultline/v1
kind: Lab
events: [payment_captured]
`

test('a line and a column are an offset, within the text whatever they are', () => {
  expect(text.slice(offsetAt(text, 3, 1)).startsWith('kind: Lab')).toBe(true)
  expect(offsetAt(text, 99, 1)).toBe(text.length)
  expect(offsetAt(text, 1, 9_999)).toBeLessThanOrEqual(text.length)
})

test('the word there is underlined', () => {
  const { from, to } = tokenAt(text, text.indexOf('payment_captured'))
  expect(text.slice(from, to)).toBe('payment_captured')
})
