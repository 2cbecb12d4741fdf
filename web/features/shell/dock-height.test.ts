import { expect, test } from 'vitest'
import { nextHeight } from './dock-height.ts'

test('the arrow keys move the dock between its three heights, also from a height that was dragged', () => {
  expect(nextHeight(260, 'ArrowUp')).toBe(440)
  expect(nextHeight(300, 'ArrowDown')).toBe(260)
  expect(nextHeight(36, 'ArrowDown')).toBe(36)
  expect(nextHeight(300, 'Home')).toBe(36)
  expect(nextHeight(300, 'a')).toBeUndefined()
})
