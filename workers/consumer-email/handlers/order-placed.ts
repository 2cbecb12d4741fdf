import { orderPlaced } from '#contracts/events/order-placed.ts'
import { mailHtml } from '../html.ts'
import { facts, layout } from '../layout.ts'
import type { Letter } from '../letter.ts'
import { recipientOf } from '../recipient.ts'

const money = (amount: number): string => amount.toFixed(2)

/** Confirms an order, item by item. */
export function orderLetter(data: unknown): Letter {
  const { orderId, email, items, total } = orderPlaced.data.parse(data)
  const subject = `Your order ${orderId}`
  const lines = items.map(({ sku, qty, price }) => [`${qty} × ${sku}`, money(qty * price)] as const)
  const listed = lines.map(([what, sum]) => `  ${what}  ${sum}`).join('\n')
  return {
    to: { address: recipientOf(data, email) },
    subject,
    text: `Thank you for your order ${orderId}.\n\n${listed}\n\nTotal: ${money(total)}\n`,
    html: layout(
      'Thank you for your order',
      mailHtml`<p style="margin:0 0 12px">Order ${orderId}</p>\n${facts([...lines, ['Total', money(total)]])}`,
    ),
  }
}
