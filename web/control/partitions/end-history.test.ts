import { expect, test } from 'vitest'
import { EndHistory } from './end-history.ts'

const history = (...samples: [at: number, end: number][]): EndHistory => {
  const ends = new EndHistory()
  for (const [at, end] of samples) ends.add(at, end)
  return ends
}

test('the end passed an offset between the sample before and the one after', () => {
  const ends = history([1_000, 0], [2_000, 10], [3_000, 10], [4_000, 20])
  expect(ends.passedAt(0)).toEqual({ at: 1_100, isAtMost: false })
  expect(ends.passedAt(9)).toEqual({ at: 2_000, isAtMost: false })
  expect(ends.passedAt(10)).toEqual({ at: 3_100, isAtMost: false })
  expect(ends.passedAt(20)).toBeUndefined()
})

test('what was there when it began to look came then at the latest', () => {
  expect(history([5_000, 7]).passedAt(3)).toEqual({ at: 5_000, isAtMost: true })
})

test('a quiet hour costs two samples and keeps the moment of the last change', () => {
  const ends = history([0, 0], [1_000, 5])
  for (let at = 2_000; at < 3_600_000; at += 1_000) ends.add(at, 5)
  ends.add(3_600_000, 6)
  expect(ends.passedAt(4)).toEqual({ at: 1_000, isAtMost: false })
  expect(ends.passedAt(5)).toEqual({ at: 3_600_000, isAtMost: false })
})

test('a topic that was made again begins again', () => {
  expect(history([1_000, 50], [2_000, 1]).passedAt(0)).toEqual({ at: 2_000, isAtMost: true })
})
