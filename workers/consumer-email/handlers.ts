import type { EventHandler } from '#workers/runtime/consume/consumer.ts'
import { anyTypeLetter } from './handlers/any-type.ts'
import { orderLetter } from './handlers/order-placed.ts'
import { paymentFailedLetter } from './handlers/payment-failed.ts'
import { welcomeLetter } from './handlers/user-signup.ts'
import type { Letter } from './letter.ts'
import type { Mailer } from './mailer.ts'

/**
 * Which mail each event type causes; `*` takes every type that has no line of its own, and a type of such a name that is not the built-in
 * one.
 */
export function emailHandlers(mailer: Mailer): Record<string, EventHandler> {
  const mail =
    (write: (data: unknown) => Letter): EventHandler =>
    async (event) => {
      if (event.eventType?.builtIn === false) return anyMail(event)
      const letter = write(event.data)
      event.say(`sent "${letter.subject}" to ${letter.to.address}`)
      return mailer.send(event, letter)
    }
  const anyMail: EventHandler = async (event) => {
    const { id, type, data, envelope } = event
    const { letter, missing } = anyTypeLetter({ id, type, data, body: envelope.body }, event.eventType?.email)
    if (missing.length > 0) {
      event.log.warn(`the e-mail template of ${event.type} asks for ${missing.join(', ')}: the event has no such value`)
    }
    event.say(`sent "${letter.subject}" to ${letter.to.address}`)
    return mailer.send(event, letter)
  }
  return {
    user_signup: mail(welcomeLetter),
    order_placed: mail(orderLetter),
    payment_failed: mail(paymentFailedLetter),
    '*': anyMail,
  }
}
