import { setTimeout as sleep } from 'node:timers/promises'
import type { Settlement } from '#workers/broker/broker.ts'
import { type Defect, type DefectiveBroker, defectIdsOf, type HarmLog, onAcked } from '../defect.ts'

/** Milliseconds that a handler is waited for. */
const patienceMs = 200

/** A deadline that takes a slow handler for one that is done: it is acknowledged while the handler still runs. */
export function ackWhileRunning(log: HarmLog): Defect {
  const handled = new Set<string>()
  const broker = <Given extends DefectiveBroker>(given: Given): Given => ({
    ...given,
    subscribe: (group, handle, options) =>
      given.subscribe(
        group,
        (deliveries) => {
          const early = deliveries.map((): Settlement => ({ kind: 'ack' }))
          const said = handle(deliveries).then((settlements) => {
            const done = defectIdsOf(deliveries.filter((_, index) => settlements[index]?.kind === 'ack'))
            for (const id of done) handled.add(id)
            log.mended(...done)
            return settlements
          })
          return Promise.race([said, sleep(patienceMs, early)])
        },
        // One whose handler was faster was reported in time.
        onAcked(options, (deliveries) => log.harmed(...defectIdsOf(deliveries).filter((id) => !handled.delete(id)))),
      ),
  })
  return { broker }
}
