import { startLab } from '../../test/lab.ts'
import { until } from '../../test/until.ts'
import { interleaved } from '../statistics.ts'

/** Five services with a body: a Python program, a Go program, a simulated one, mails and rows. */
const checkout = 'examples/checkout/faultline.yaml'

/** Seconds until `npm start` says that the lab is ready, programs included. */
async function secondsUntilReady(env: Record<string, string>): Promise<number> {
  const began = performance.now()
  const lab = await startLab(env)
  try {
    await until('a ready lab', async () => lab.output().includes('The lab is ready'), 180_000)
    return (performance.now() - began) / 1000
  } finally {
    await lab.stop()
  }
}

/**
 * Seconds from the command to a lab that is ready to publish, with everything installed and built and an empty data folder: the built-in
 * lab, and the five services of `examples/checkout`, in turn.
 */
export async function coldStart(repetitions: number) {
  const { first, second, ratio } = await interleaved(
    repetitions,
    () => secondsUntilReady({ FAULTLINE_LAB: checkout }),
    () => secondsUntilReady({}),
  )
  return { unit: 's from command to ready, empty data folder', seconds: second, checkout: first, ratio }
}
