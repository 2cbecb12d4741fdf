import { until } from '../../test/until.ts'
import type { BareLoop } from '../bare/start.ts'
import type { BenchContext } from '../context.ts'
import { startBurst } from '../lab-client.ts'
import { interleaved } from '../statistics.ts'
import type { Witness } from '../witness.ts'

/** Seconds from the first publish until `count` rows and `count` mails are in the effect store. */
async function timed(witness: Witness, count: number, begin: () => Promise<unknown>): Promise<number> {
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

/** The whole pipe against the bare SDK loop with the same handlers, interleaved in one session. */
export async function throughput({ lab, witness, repetitions, count }: BenchContext, bare: BareLoop) {
  const whole = () =>
    timed(witness, count, () => startBurst(lab.url, { type: 'order_placed', count, ratePerSecond: 100_000 }))
  const alone = () => timed(witness, count, () => bare.publish(count))
  const { first, second, ratio } = await interleaved(
    repetitions,
    async () => count / (await whole()),
    async () => count / (await alone()),
  )
  return {
    unit: 'msg/s until both effects are in place',
    ...{ pipe: first, bare: second, ratio },
    count,
  }
}
