import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog, onAcked } from '../defect.ts'

/** Automatic commits, as a consumer has them that never thought of its crash: what it had in flight then is gone. */
export function commitBeforeHandling(log: HarmLog): Defect {
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    subscribe: (group, handle, options) =>
      given.subscribe(
        group,
        async (deliveries) => deliveries.map(() => ({ kind: 'ack' })),
        onAcked(options, (deliveries) => {
          log.harmed(...defectIdsOf(deliveries))
          // After the broker's word was reported, as it was given.
          setImmediate(async () => {
            const said = await handle(deliveries)
            log.mended(...defectIdsOf(deliveries.filter((_, index) => said[index]?.kind === 'ack')))
          })
        }),
      ),
  })
  return { broker }
}
