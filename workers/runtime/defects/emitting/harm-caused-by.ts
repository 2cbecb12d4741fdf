import type { DefectiveBroker, HarmLog } from '../defect.ts'

/** The same broker, which notes every event that one of `causes` causes, before it is sent. */
export const harmCausedBy =
  (causes: ReadonlySet<string>, log: HarmLog) =>
  <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    publish(envelopes) {
      const harmed = envelopes.filter(({ causationId }) => causationId !== undefined && causes.has(causationId))
      if (harmed.length > 0) log.harmed(...harmed.map(({ id }) => id))
      return given.publish(envelopes)
    },
  })
