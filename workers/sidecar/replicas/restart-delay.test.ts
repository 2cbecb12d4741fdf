import { expect, test } from 'vitest'
import { createRestartDelay } from './restart-delay.ts'

test('the delay doubles up to ten seconds, and a stable run begins again', () => {
  const delay = createRestartDelay(10_000)
  expect(Array.from({ length: 8 }, () => delay.after(50))).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  expect(delay.after(10_000)).toBe(200)
  expect(delay.after(9_999)).toBe(400)
})
