import { expect, test } from 'vitest'
import type { DeadLetterItem, DeadLetterList } from '#contracts/api/dead-letter.ts'
import { findLetter } from './find-letter.ts'

const group = 'consumer-email'
const letter = (id: string): DeadLetterItem => ({
  ...{ id, type: 'user_signup', topic: 'user_signup', group, error: { type: 'E', message: 'm' }, attempts: 4 },
  ...{ receiveCount: 4, raw: '', headers: {}, at: '2026-01-02T03:04:05.000Z', cause: 'a' },
})
const [one, two, three] = ['1', '2', '3'].map((ref) => letter(`${group}/${ref}`))
if (!one || !two || !three) throw new Error('there are three')

/** Pages of a group; where `more` is set, there are letters behind the last one that no page leads to. */
function pages(more: boolean, ...all: DeadLetterItem[][]) {
  const asked: string[] = []
  const read = async (path: string): Promise<Pick<DeadLetterList, 'items' | 'incomplete' | 'nextCursor'>> => {
    const query = new URL(path, 'http://lab').searchParams
    asked.push(query.get('cursor') ?? '')
    expect(query.get('group')).toBe(group)
    const at = Number(query.get('cursor') ?? 0)
    const hasNext = at + 1 < all.length
    return {
      items: all[at] ?? [],
      incomplete: hasNext || more ? [group] : [],
      ...(hasNext ? { nextCursor: String(at + 1) } : {}),
    }
  }
  return { asked, read }
}

test('a letter behind the first page is found, and no page after its own is read', async () => {
  const { asked, read } = pages(false, [one], [two], [three])
  expect(await findLetter(two.id, read)).toEqual({ letter: two })
  expect(asked).toEqual(['', '1'])
})

test('a letter that is on no page is gone, unless there are letters that were not read', async () => {
  expect(await findLetter(`${group}/9`, pages(false, [one], [two, three]).read)).toEqual({ readCount: undefined })
  expect(await findLetter(`${group}/9`, pages(true, [one], [two, three]).read)).toEqual({ readCount: 3 })
})
