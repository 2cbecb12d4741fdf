import { expect, test } from 'vitest'
import type { OutboxRow } from '#contracts/api/outbox.ts'
import { type Page, withNewest } from './outbox-store.ts'

const row = (number: number): OutboxRow => ({
  ...{ messageId: `producer-1:1:user_signup:${number}`, type: 'user_signup', table: 'users', data: {} },
  writtenAt: '2026-01-02T03:04:05.000Z',
})
/** Rows `from` down to `to`, newest first. */
const page = (from: number, to: number, nextCursor?: string): Page => ({
  emails: [],
  rows: Array.from({ length: from - to + 1 }, (_, at) => row(from - at)),
  total: from,
  ...(nextCursor === undefined ? {} : { nextCursor }),
})
const numbers = (pages: readonly Page[]): number[] =>
  pages.flatMap(({ rows }) => rows.map(({ messageId }) => Number(messageId.split(':').at(-1))))

test('what is new comes on top, once, and the list goes on where it did', () => {
  const pages = withNewest(page(120, 21, '20'), [page(100, 1, '0'), page(0, 0)])
  expect(numbers(pages)).toEqual(Array.from({ length: 121 }, (_, at) => 120 - at))
  expect(pages[0]).toMatchObject({ nextCursor: '0', total: 120 })
  expect(withNewest(page(3, 1, '0'), [])).toEqual([page(3, 1, '0')])
})

test('a list that nobody goes back in begins again with its newest before it grows for ever', () => {
  const newest = page(1_050, 951, '950')
  expect(withNewest(newest, [page(1_000, 1, '0')])).toEqual([newest])
})

test('one in which somebody reads older ones does not move then, and knows how many there are', () => {
  const read = [page(1_100, 101, '100'), page(100, 1)]
  const pages = withNewest(page(1_250, 1_151, '1150'), read)
  expect(numbers(pages)).toEqual(numbers(read))
  expect(pages[0]?.total).toBe(1_250)
})
