import fc from 'fast-check'
import { expect, it } from 'vitest'
import { burstInput } from '#contracts/api/burst.ts'
import { boundsOf, typedNumber } from './typed-number.ts'

const whole = burstInput.shape.count.unwrap()
const milliseconds = burstInput.shape.durationMs.unwrap()

it('takes what the contract takes, however it is grouped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (value) => {
      expect(typedNumber(value.toLocaleString('en-US'), whole)).toBe(value)
    }),
  )
  expect(['', ' ', 'ten', '0', '1.5', '10,000,001', '1e999'].map((text) => typedNumber(text, whole))).toEqual(
    Array(7).fill(undefined),
  )
})

it('reads a text in another unit, and says its bounds in that', () => {
  expect(typedNumber('1.5', milliseconds, 1_000)).toBe(1_500)
  expect(typedNumber('0.05', milliseconds, 1_000)).toBeUndefined()
  expect(boundsOf(milliseconds, 1_000)).toBe('from 0.1 to 3,600')
  expect(boundsOf(whole)).toBe('from 1 to 10,000,000')
})
