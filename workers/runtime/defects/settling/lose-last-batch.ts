import type { Delivery, Settlement } from '#workers/broker/broker.ts'
import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog } from '../defect.ts'

/** A shutdown that commits the position up to which was read, not up to which was handled. */
export function loseLastBatch(log: HarmLog): Defect {
  const inHand = new Map<Delivery[], (said: Settlement[]) => void>()
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    async subscribe(group, handle, options) {
      const subscription = await given.subscribe(
        group,
        async (deliveries) => {
          const lost = new Promise<Settlement[]>((resolve) => inHand.set(deliveries, resolve))
          try {
            return await Promise.race([handle(deliveries), lost])
          } finally {
            inHand.delete(deliveries)
          }
        },
        options,
      )
      return {
        ...subscription,
        stop(graceMs) {
          for (const [deliveries, settle] of inHand) {
            log.harmed(...defectIdsOf(deliveries))
            settle(deliveries.map(() => ({ kind: 'ack' })))
          }
          return subscription.stop(graceMs)
        },
      }
    },
  })
  return { broker }
}
