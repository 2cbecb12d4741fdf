import { expect, test } from 'vitest'
import { draggedHeight, mostHeight, nextHeight, readingHeight } from './dock-height.ts'

test('the arrow keys move the dock by 20 and stop at its heights', () => {
  expect(nextHeight(260, 'ArrowUp', 560)).toBe(280)
  expect(nextHeight(430, 'ArrowUp', 560)).toBe(440)
  expect(nextHeight(440, 'ArrowUp', 560)).toBe(460)
  expect(nextHeight(270, 'ArrowDown', 560)).toBe(260)
  expect(nextHeight(260, 'ArrowDown', 560)).toBe(240)
  expect(nextHeight(300, 'a', 560)).toBeUndefined()
})

test('below its least height the dock is closed, and it opens from there', () => {
  expect(nextHeight(130, 'ArrowDown', 560)).toBe(120)
  expect(nextHeight(120, 'ArrowDown', 560)).toBe(36)
  expect(nextHeight(36, 'ArrowDown', 560)).toBe(36)
  expect(nextHeight(36, 'ArrowUp', 560)).toBe(120)
  expect(nextHeight(300, 'Home', 560)).toBe(36)
})

test('the window keeps room for the graph', () => {
  expect(mostHeight(900)).toBe(560)
  expect(mostHeight(300)).toBe(120)
  expect(nextHeight(555, 'ArrowUp', 560)).toBe(560)
  expect(nextHeight(300, 'End', 560)).toBe(560)
  expect(draggedHeight(700, 560)).toBe(560)
})

test('a dragged dock holds at its heights', () => {
  expect(draggedHeight(252, 560)).toBe(260)
  expect(draggedHeight(447, 560)).toBe(440)
  expect(draggedHeight(300.4, 560)).toBe(300)
  expect(draggedHeight(100, 560)).toBe(120)
  expect(draggedHeight(50, 560)).toBe(36)
})

test('it opens to be read in as tall as the graph leaves room for', () => {
  expect([1_080, 900, 700, 450].map(readingHeight)).toEqual([440, 440, 300, 120])
})
