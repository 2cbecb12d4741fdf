import type { BenchContext } from '../context.ts'
import { settledRound } from '../settled-round.ts'
import { interleaved, spread } from '../statistics.ts'
import { timedEffects } from '../timed-effects.ts'
import { startUnwatchedPipe } from '../unwatched/start.ts'

/**
 * The whole pipe with the control plane that takes its telemetry against the same processes with a receiver that keeps none. Web
 * runs in both halves, with nobody looking; the database and the mailbox are the same ones.
 */
export async function pipeLedger(context: BenchContext, env: Record<string, string>) {
  const { witness, repetitions, count } = context
  const { DATABASE_URL = '', SMTP_URL = '' } = env
  const without = await startUnwatchedPipe({ DATABASE_URL, SMTP_URL })
  const behindMs: number[] = []
  try {
    const withLedger = async (): Promise<number> => {
      const { seconds, behindMs: late } = await settledRound(context, count)
      behindMs.push(late)
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
