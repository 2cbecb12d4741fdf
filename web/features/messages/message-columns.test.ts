import { expect, test } from 'vitest'
import { messageColumns, type OptionalColumn } from './message-columns.ts'

const groups = ['consumer-email', 'consumer-db']
const at = (width: number, hidden: OptionalColumn[] = [], of = groups) => {
  const { columns, prefixed, least } = messageColumns({
    width,
    groups: of,
    hidden: new Set(hidden),
    place: 'Partition @ offset',
  })
  return { keys: columns.map(({ key }) => key), prefixed, least }
}

test('columns give way in one order: attempts, partition and offset, key, then the producer of the id', () => {
  const groupKeys = groups.map((name) => `group ${name}`)
  expect(at(1_280).keys).toEqual(['at', 'id', 'key', 'ref', ...groupKeys, 'attempts', 'settled'])
  expect(at(960).keys).toEqual(['at', 'id', 'key', 'ref', ...groupKeys, 'settled'])
  expect(at(900).keys).toEqual(['at', 'id', 'key', ...groupKeys, 'settled'])
  expect(at(760)).toMatchObject({ keys: ['at', 'id', ...groupKeys, 'settled'], prefixed: true })
  expect(at(720)).toMatchObject({ keys: ['at', 'id', ...groupKeys, 'settled'], prefixed: false })
})

test.each([600, 720, 960, 1_280, 1_920])('at %i px the columns fit, whatever the groups', (width) => {
  for (const of of [[], groups.slice(1), ['a', 'b', 'c', 'd']])
    expect(at(width, [], of).least).toBeLessThanOrEqual(width)
})

test('a column that the reader hid is not there, and leaves its room to others', () => {
  expect(at(960, ['ref']).keys).toContain('attempts')
  expect(at(1_920, ['key', 'settled']).keys).not.toContain('key')
})
