import { describe, expect, it } from 'vitest'
import { followsAt, rowsAtBottom, wantsOlder } from './scroll-edge.ts'

const at = (scrollTop: number, scrollHeight = 2_000) => ({ scrollTop, scrollHeight, clientHeight: 400 })

describe('a list with its newest at the bottom', () => {
  it('follows from the bottom on, and until the reader goes up', () => {
    expect(followsAt('bottom', at(1_600), 0)).toBe(true)
    expect(followsAt('bottom', at(1_589), 1_500)).toBe(true)
    expect(followsAt('bottom', at(1_200), 1_600)).toBe(false)
  })

  it('is not stopped by rows that make it longer', () => {
    expect(followsAt('bottom', at(1_600, 2_400), 1_600)).toBeUndefined()
  })

  it('asks for older rows near the top, unless all of it is in sight', () => {
    expect(wantsOlder('bottom', at(100))).toBe(true)
    expect(wantsOlder('bottom', at(200))).toBe(false)
    expect(wantsOlder('bottom', at(0, 400))).toBe(false)
  })
})

describe('the rows of a list that follows its bottom', () => {
  it('are the last ones, wherever the list is scrolled', () => {
    expect(rowsAtBottom({ startIndex: 0, endIndex: 2, count: 100 }, 1)).toEqual([96, 97, 98, 99])
    expect(rowsAtBottom({ startIndex: 97, endIndex: 99, count: 100 }, 1)).toEqual([96, 97, 98, 99])
  })

  it('are all where there are few, and none of none', () => {
    expect(rowsAtBottom({ startIndex: 0, endIndex: 2, count: 3 }, 4)).toEqual([0, 1, 2])
    expect(rowsAtBottom({ startIndex: 0, endIndex: 0, count: 0 }, 4)).toEqual([])
  })
})

describe('a list with its newest at the top', () => {
  it('follows within the first row', () => {
    expect(followsAt('top', at(27), 0)).toBe(true)
    expect(followsAt('top', at(28), 0)).toBe(false)
  })

  it('asks for older rows near the bottom', () => {
    expect(wantsOlder('top', at(1_500))).toBe(true)
    expect(wantsOlder('top', at(1_000))).toBe(false)
  })
})
