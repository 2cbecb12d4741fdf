import { expect, test } from 'vitest'
import { type GroupBox, offViewGroups } from './off-view.ts'

const view = { x: 0, y: 0, zoom: 1, width: 1_000, height: 500 }
const group = (prefix: string, x: number, y: number): GroupBox => ({
  ...{ id: `group:${prefix}`, prefix, members: 4, x, y, width: 152, height: 92 },
})
const wordsOf = (groups: GroupBox[], of = view) =>
  offViewGroups(groups, of).map(({ group: { prefix }, side, at }) => [prefix, side, at])

test('a group that is in view, even with a part of it, has no pill', () => {
  expect(wordsOf([group('a-', 0, 0), group('b-', 990, 100), group('c-', -100, 100), group('d-', 400, 480)])).toEqual([])
})

test('a group out of view has one at the edge that it is behind, level with it', () => {
  expect(
    wordsOf([
      group('left-', -400, 100),
      group('right-', 1_200, 200),
      group('up-', 400, -300),
      group('down-', 400, 900),
    ]),
  ).toEqual([
    ['left-', 'left', 146],
    ['right-', 'right', 246],
    ['up-', 'top', 476],
    ['down-', 'bottom', 476],
  ])
  // Behind a corner: the edge that it is further beyond.
  expect(wordsOf([group('corner-', 2_000, 600)])).toEqual([['corner-', 'right', 412]])
})

test('where the view is moved and zoomed, what counts is what is seen', () => {
  expect(wordsOf([group('a-', 0, 0)], { ...view, x: -500, zoom: 2 })).toEqual([['a-', 'left', 92]])
  expect(wordsOf([group('a-', 0, 0)], { ...view, x: -100, zoom: 2 })).toEqual([])
})

test('pills of one edge never lie over each other nor over the ends, and keep the order of their groups', () => {
  const many = Array.from({ length: 9 }, (_, n) => group(`g${n}-`, 1_100 + n * 10, 480 + n))
  const pills = offViewGroups(many, view)
  expect(pills.map(({ group: { prefix } }) => prefix)).toEqual(['g0-', 'g1-', 'g2-', 'g3-', 'g4-', 'g5-'])
  const places = pills.map(({ at }) => at)
  for (const [index, at] of places.entries()) {
    expect(at).toBeGreaterThanOrEqual(80)
    expect(at).toBeLessThanOrEqual(412)
    if (index > 0) expect(at - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(28)
  }
  // Half a pill has room at both ends.
  expect(wordsOf([group('a-', -140, -300), group('b-', 990, 900)])).toEqual([
    ['a-', 'top', 80],
    ['b-', 'bottom', 920],
  ])
  // No room for any.
  expect(wordsOf([group('a-', 1_100, 4)], { ...view, height: 100 })).toEqual([])
})
