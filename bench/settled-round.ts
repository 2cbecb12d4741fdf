import { ledgerReport } from '#contracts/api/ledger.ts'
import { startBurst } from '../test/lab-client.ts'
import { until } from '../test/until.ts'
import type { BenchContext } from './context.ts'
import { timedEffects } from './timed-effects.ts'

/** Deliveries that the ledger has settled, of all groups. */
async function deliveredIn(url: string): Promise<number> {
  const { groups } = ledgerReport.parse(await (await fetch(`${url}/api/ledger`)).json())
  return groups.reduce((sum, { delivered }) => sum + delivered, 0)
}

export interface SettledRound {
  /** From the first publish until both effects of each order are in place. */
  seconds: number
  /** From then until the ledger had settled them all. */
  behindMs: number
}

/**
 * `count` orders through the whole pipe, until both effects of each are in place and the ledger has settled every delivery. Rejects
 * where effects or deliveries are more or fewer.
 */
export async function settledRound({ lab, witness }: Pick<BenchContext, 'lab' | 'witness'>, count: number) {
  const before = await deliveredIn(lab.url)
  const order = { type: 'order_placed', count, ratePerSecond: 100_000 }
  const seconds = await timedEffects(witness, count, () => startBurst(lab.url, order))
  const ended = performance.now()
  await until('a ledger that has it all', async () => (await deliveredIn(lab.url)) >= before + 2 * count, 600_000)
  const behindMs = performance.now() - ended
  const counted = (await deliveredIn(lab.url)) - before
  if (counted !== 2 * count) throw new Error(`void: the ledger counts ${counted} deliveries of ${2 * count}`)
  return { seconds, behindMs } satisfies SettledRound
}
