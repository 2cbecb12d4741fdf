import { until } from '../test/until.ts'
import type { Witness } from './witness.ts'

/** Seconds from the first publish until `count` rows and `count` mails are in the effect store; rejects if it holds others. */
export async function timedEffects(witness: Witness, count: number, begin: () => Promise<unknown>): Promise<number> {
  const mark = await witness.mark()
  const began = performance.now()
  const begun = begin()
  await until(
    `${count} effects of each kind`,
    async () => {
      const { rows, mails } = await witness.effectsSince(mark)
      return rows >= count && mails >= count
    },
    600_000,
  )
  const seconds = (performance.now() - began) / 1000
  await begun
  const { rows, mails } = await witness.effectsSince(mark)
  if (rows !== count || mails !== count) throw new Error(`void: ${rows} rows and ${mails} mails of ${count}`)
  return seconds
}
