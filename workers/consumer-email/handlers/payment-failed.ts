import { paymentFailed } from '#contracts/events/payment-failed.ts'
import { mailHtml } from '../html.ts'
import { facts, layout } from '../layout.ts'
import type { Letter } from '../letter.ts'
import { recipientOf } from '../recipient.ts'

/** The type has no address of a customer, so the desk that follows orders up gets the mail. */
const ordersDesk = 'orders@example.com'

/** Says that an order could not be charged. */
export function paymentFailedLetter(data: unknown): Letter {
  const { orderId, reason } = paymentFailed.data.parse(data)
  return {
    to: { address: recipientOf(data, ordersDesk) },
    subject: `Payment failed for order ${orderId}`,
    text: `The payment for order ${orderId} failed.\n\nReason: ${reason}\n`,
    html: layout(
      'A payment failed',
      mailHtml`${facts([
        ['Order', orderId],
        ['Reason', reason],
      ])}`,
    ),
  }
}
