import { setTimeout as sleep } from 'node:timers/promises'
import { LabRefusal } from './lab-client.ts'

/** A control plane that died is started again, and knows what it was doing. Milliseconds. */
const backWithinMs = 60_000
const retryMs = 250

/** Asks again while the lab does not answer, for a minute. Rejects with what was said last, and at once where the lab refuses. */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = Date.now() + backWithinMs; ; ) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof LabRefusal || Date.now() > deadline) throw error
      await sleep(retryMs)
    }
  }
}
