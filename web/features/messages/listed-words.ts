import { count } from '../words/figures.ts'

/** How much of what was published the list holds: `newest 500 of 64,917`, `all 12`. `published`: undefined if a filter chooses. */
export function listedWords(listed: number, published: number | undefined): string {
  if (published === undefined) return `${count(listed)} that fit`
  return listed < published ? `newest ${count(listed)} of ${count(published)}` : `all ${count(listed)}`
}
