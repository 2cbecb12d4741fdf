import { startLab } from '../../test/lab.ts'
import { spread } from '../statistics.ts'

/** Seconds from the command to a lab that is ready to publish, with everything installed and built and an empty data folder. */
export async function coldStart(repetitions: number) {
  const seconds: number[] = []
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const began = performance.now()
    const lab = await startLab()
    seconds.push((performance.now() - began) / 1000)
    await lab.stop()
  }
  return { unit: 's from command to ready, empty data folder', seconds: spread(seconds) }
}
