import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog, onAcked } from '../defect.ts'

/** The handler was called and not waited for: a missing `await` in front of the delete. */
export function deleteReceiptEarly(log: HarmLog): Defect {
  const handled = new Set<string>()
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    subscribe: (group, handle, options) =>
      given.subscribe(
        group,
        async (deliveries) => {
          void handle(deliveries).then((said) => {
            const done = defectIdsOf(deliveries.filter((_, index) => said[index]?.kind === 'ack'))
            for (const id of done) handled.add(id)
            log.mended(...done)
          })
          return deliveries.map(() => ({ kind: 'ack' }))
        },
        // One whose handler was faster than the queue was deleted in time.
        onAcked(options, (deliveries) => log.harmed(...defectIdsOf(deliveries).filter((id) => !handled.delete(id)))),
      ),
  })
  return { broker }
}
