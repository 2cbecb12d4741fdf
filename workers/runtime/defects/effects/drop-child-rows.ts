import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { twist } from '../twist.ts'
import { withData } from '../with-data.ts'

/** A loop that ends one too early: the last item of one order in three is not written. */
export function dropChildRows(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    consumer: (consumer) =>
      twist(consumer, (event) => {
        if (event.type !== 'order_placed' || !isChosen()) return undefined
        log.harmed(event.id)
        return { event: withData(event, ({ items }) => ({ items: (items as unknown[]).slice(0, -1) })) }
      }),
  }
}
