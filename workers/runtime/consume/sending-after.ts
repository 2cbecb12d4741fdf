import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { filledData } from '../publish/filled-data.ts'
import type { BatchHandler, Consumer, EventHandler, HandledEvent } from './consumer.ts'

/** What a built-in service sends for each event that it has handled: by type, the template of the data. */
export type SendsOfBody = Extract<ServiceBody, { kind: 'builtin' }>['sends']

/** Of a worker's body, what it sends by itself; undefined where it sends nothing. */
export const sendsOf = (body: ServiceBody | undefined): SendsOfBody =>
  body?.kind === 'builtin' ? body.sends : undefined

/**
 * A consumer that publishes an event of each of these types once its effect stands, also where it stood already: the attempt before may
 * have ended between its effect and what it sends. A handler that fails sends nothing. `sends` undefined: the consumer as it is.
 */
export function sendingAfter(consumer: Consumer, sends: SendsOfBody): Consumer {
  if (sends === undefined) return consumer
  const send = (event: HandledEvent): void => {
    const { id, type, envelope } = event
    for (const [sent, template] of Object.entries(sends))
      event.send({
        type: sent,
        body: filledData(template, { id, type, body: envelope.body }),
        givenId: `${id}/${sent}`,
      })
  }
  const after =
    (handler: EventHandler): EventHandler =>
    async (event) => {
      const effect = await handler(event)
      send(event)
      return effect
    }
  const afterAll =
    (batch: BatchHandler): BatchHandler =>
    async (events) => {
      const results = await batch(events)
      for (const [index, event] of events.entries()) if (!(results[index] instanceof Error)) send(event)
      return results
    }
  const { handlers, batch } = consumer
  return {
    ...consumer,
    ...(batch === undefined ? {} : { batch: afterAll(batch) }),
    ...(handlers === undefined
      ? {}
      : { handlers: Object.fromEntries(Object.entries(handlers).map(([type, handler]) => [type, after(handler)])) }),
  }
}
