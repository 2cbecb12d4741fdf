import { type Defect, type HarmLog, oneIn } from '../defect.ts'
import { twist } from '../twist.ts'
import { withData } from '../with-data.ts'

interface Item {
  qty: number
  price: number
}

/** Two columns of an INSERT in the wrong order: quantity and price of one order in three. */
export function swapColumns(log: HarmLog): Defect {
  const isChosen = oneIn(3)
  return {
    consumer: (consumer) =>
      twist(consumer, (event) => {
        if (event.type !== 'order_placed' || !isChosen()) return undefined
        log.harmed(event.id)
        const swapped = (item: Item): Item => ({ ...item, qty: item.price, price: item.qty })
        return { event: withData(event, ({ items }) => ({ items: (items as Item[]).map(swapped) })) }
      }),
  }
}
