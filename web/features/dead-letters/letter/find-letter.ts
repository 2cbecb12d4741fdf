import { type DeadLetterItem, type DeadLetterList, deadLetterListLimit } from '#contracts/api/dead-letter.ts'

/** A letter, or how far was looked for it: `readCount` is undefined if all letters of its group were read. */
export type Found = { letter: DeadLetterItem } | { letter: undefined; readCount: number | undefined }

/** Looks for a letter in its group, page after page, as far as there is a next one. `read` gives the page at a path of the API. */
export async function findLetter(
  id: string,
  read: (path: string) => Promise<Pick<DeadLetterList, 'items' | 'incomplete' | 'nextCursor'>>,
): Promise<Found> {
  const group = id.slice(0, id.indexOf('/'))
  let count = 0
  let cursor: string | undefined
  let isIncomplete = false
  do {
    const query = new URLSearchParams({ group, limit: String(deadLetterListLimit) })
    if (cursor !== undefined) query.set('cursor', cursor)
    const page = await read(`/api/dead-letters?${query}`)
    const letter = page.items.find((item) => item.id === id)
    if (letter) return { letter }
    count += page.items.length
    cursor = page.nextCursor
    isIncomplete = page.incomplete.includes(group)
  } while (cursor !== undefined)
  return { letter: undefined, readCount: isIncomplete ? count : undefined }
}
