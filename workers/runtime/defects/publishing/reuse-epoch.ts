import type { Defect, DefectiveBroker, HarmLog } from '../defect.ts'

/** A producer that comes back under the epoch of the one before it, and numbers its messages from 1 again. */
export function reuseEpoch(log: HarmLog): Defect {
  let isAgain = false
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    publish(envelopes) {
      if (isAgain) log.harmed(...envelopes.map(({ id }) => id))
      return given.publish(envelopes)
    },
  })
  return {
    broker,
    epoch(granted) {
      isAgain = granted > 1
      return 1
    },
  }
}
