import { type Defect, defectIdsOf, type HarmLog, withHandle } from '../defect.ts'

/** The backoff is worked out, reported, and not passed on. */
export function retryEarly(log: HarmLog): Defect {
  return {
    broker: withHandle((handle) => async (deliveries) => {
      const said = await handle(deliveries)
      log.harmed(...defectIdsOf(deliveries.filter((_, index) => said[index]?.kind === 'retry')))
      return said.map((settlement) => (settlement.kind === 'retry' ? { ...settlement, delayMs: 0 } : settlement))
    }),
  }
}
