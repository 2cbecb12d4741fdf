import { count } from '../words/figures.ts'

/** What is said of `unowed` of the `all` dead letters that the broker counts; undefined: all of them were published in the lab. */
export function unowedWords(unowed: number, all: number): string | undefined {
  if (unowed === 0) return undefined
  const [were, are] = unowed === 1 ? ['was', 'it is'] : ['were', 'they are']
  return `${count(unowed)} of the ${count(Math.max(all, unowed))} ${were} published by nobody in the lab: owed to no group, so ${are} not among the dead-lettered of the ledger.`
}
