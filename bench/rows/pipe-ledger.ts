import { ledgerReport } from '#contracts/api/ledger.ts'
import { startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { interleaved, spread } from '../statistics.ts'
import { timedEffects } from '../timed-effects.ts'
import { startUnwatchedPipe } from '../unwatched/start.ts'

/** Deliveries that the ledger has settled, of all groups. */
async function deliveredIn(url: string): Promise<number> {
  const { groups } = ledgerReport.parse(await (await fetch(`${url}/api/ledger`)).json())
  return groups.reduce((sum, { delivered }) => sum + delivered, 0)
}

/**
 * The whole pipe with the control plane that takes its telemetry against the same processes with a receiver that keeps none. Web
 * runs in both halves, with nobody looking; the database and the mailbox are the same ones.
 */
export async function pipeLedger({ lab, witness, repetitions, count }: BenchContext, env: Record<string, string>) {
  const { DATABASE_URL = '', SMTP_URL = '' } = env
  const without = await startUnwatchedPipe({ DATABASE_URL, SMTP_URL })
  const behindMs: number[] = []
  try {
    const withLedger = async (): Promise<number> => {
      const before = await deliveredIn(lab.url)
      const order = { type: 'order_placed', count, ratePerSecond: 100_000 }
      const seconds = await timedEffects(witness, count, () => startBurst(lab.url, order))
      const ended = performance.now()
      // What the ledger has still to do must not fall into the other side's turn.
      await until('a ledger that has it all', async () => (await deliveredIn(lab.url)) >= before + 2 * count, 600_000)
      behindMs.push(performance.now() - ended)
      const counted = (await deliveredIn(lab.url)) - before
      if (counted !== 2 * count) throw new Error(`void: the ledger counts ${counted} deliveries of ${2 * count}`)
      return count / seconds
    }
    const withoutLedger = async (): Promise<number> => {
      const before = await without.handedOver()
      const seconds = await timedEffects(witness, count, () => without.burst(count))
      if ((await without.handedOver()) === before) throw new Error('void: no telemetry came')
      return count / seconds
    }
    const { first, second, ratio } = await interleaved(repetitions, withLedger, withoutLedger)
    return {
      unit: 'msg/s until both effects are in place, local broker',
      ...{ 'with the ledger': first, 'without it': second, ratio, count },
      'ms until the ledger has them all, after the last effect': spread(behindMs.slice(1)),
    }
  } finally {
    await without.stop()
  }
}
