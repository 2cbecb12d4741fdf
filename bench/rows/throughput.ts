import { startBurst } from '../../test/lab-client.ts'
import type { BareLoop } from '../bare/start.ts'
import type { BenchContext } from '../context.ts'
import { interleaved } from '../statistics.ts'
import { timedEffects } from '../timed-effects.ts'

/** The whole pipe against the bare SDK loop with the same handlers, interleaved in one session. */
export async function throughput({ lab, witness, repetitions, count }: BenchContext, bare: BareLoop) {
  const whole = () =>
    timedEffects(witness, count, () => startBurst(lab.url, { type: 'order_placed', count, ratePerSecond: 100_000 }))
  const alone = () => timedEffects(witness, count, () => bare.publish(count))
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
