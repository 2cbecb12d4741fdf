import type { DefectName } from '#contracts/defects.ts'
import { until } from '../../until.ts'
import type { Expectation } from '../expectation.ts'
import type { ProveLab } from '../prove-lab.ts'

/** A defect, the fault that provokes it, and what must be found. */
export interface DefectRow {
  defect: DefectName
  /** File of the lab that it runs in, from the root of the checkout. Absent: the built-in one. */
  lab?: string
  /** In words, for the table. */
  fault: string
  expected: Expectation[]
  /** Counted anomalies that the fault alone brings about. */
  byFault?: string[]
  /** Other failures that must follow from it, in other messages, if there is time for them to be found. */
  follows?: string[]
  verdict: 'pass' | 'fail' | 'inconclusive'
  /** Publishes, injects and waits until the harm is done. Answers when, where that is later than the defect's own word. */
  provoke(lab: ProveLab): Promise<number | undefined>
}

/** The consumer that most defects are planted in. */
export const db = 'consumer-db'

/** Resolves when so many messages were harmed, by the defect's own word. */
export const untilHarmed = (lab: ProveLab, count: number): Promise<unknown> =>
  until(`${count} harmed messages`, async () => new Set(lab.harms().map(({ id }) => id)).size >= count)

/** Handled, and no settlement reaches the broker: it delivers them again, to the same replica as there is but one. */
export async function redelivered(lab: ProveLab, count: number): Promise<undefined> {
  await lab.scale(db, 1)
  const lost = await lab.begin({ type: 'ack.lost', target: { service: db }, params: { side: 'consume' } })
  await lab.orders(count)
  await lab.group(db, `${count} delivered`, ({ delivered }) => delivered === count)
  await lab.end(lost)
  await untilHarmed(lab, count)
}

/** Nothing but load: the mistake comes by itself. */
export async function nineDelivered(lab: ProveLab): Promise<undefined> {
  await lab.orders(9)
  await untilHarmed(lab, 3)
  for (const group of [db, 'consumer-email'])
    await lab.group(group, 'nine delivered', ({ delivered }) => delivered === 9)
}
