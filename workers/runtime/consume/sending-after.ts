import type { ServiceBody } from '#contracts/lab-declaration.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { CausedEvent } from '../publish/caused-event.ts'
import { filledData } from '../publish/filled-data.ts'
import type { BatchHandler, Consumer, EventHandler, HandledEvent } from './consumer.ts'
import { standingEffects } from './standing-effects.ts'

/** What a built-in service sends for each event that it has handled: by type, the template of the data. */
export type SendsOfBody = Extract<ServiceBody, { kind: 'builtin' }>['sends']

/** Of a worker's body, what it sends by itself; undefined if it sends nothing. */
export const sendsOf = (body: ServiceBody | undefined): SendsOfBody =>
  body?.kind === 'builtin' ? body.sends : undefined

/**
 * A consumer that publishes an event of each of these types once its effect was made, also if it was there already: the attempt before may
 * have ended between its effect and what it sends. A handler that fails sends nothing, and one whose sends cannot be filled does not run.
 * Where only the sending failed, the next attempt in the same process sends without a second effect. `sends` undefined: the consumer as it
 * is.
 */
export function sendingAfter(consumer: Consumer, sends: SendsOfBody): Consumer {
  if (sends === undefined) return consumer
  const standing = standingEffects()
  const filled = ({ id, type, envelope }: HandledEvent): CausedEvent[] =>
    Object.entries(sends).map(([sent, template]) => ({
      type: sent,
      body: filledData(template, { id, type, body: envelope.body }),
      givenId: `${id}/${sent}`,
    }))
  const sentAfter = (event: HandledEvent, effect: Effect | undefined, toSend: readonly CausedEvent[]) => {
    standing.note(event, effect)
    for (const each of toSend) event.send(each)
    return effect
  }
  const after =
    (handler: EventHandler): EventHandler =>
    async (event) => {
      const toSend = filled(event)
      const before = standing.before(event)
      return sentAfter(event, before ? before.effect : await handler(event), toSend)
    }
  const afterAll =
    (batch: BatchHandler): BatchHandler =>
    async (events) => {
      const prepared = events.map((event) => {
        try {
          const toSend = filled(event)
          return { event, toSend, before: standing.before(event) }
        } catch (error) {
          return { event, error: error instanceof Error ? error : new Error(String(error)) }
        }
      })
      const open = prepared.flatMap(({ event, error, before }) => (error || before ? [] : [event]))
      const results = open.length === 0 ? [] : await batch(open)
      if (results.length < open.length)
        throw new Error(`the batch handler gave ${results.length} answers for ${open.length} events`)
      const resultOf = new Map(open.map((event, index) => [event, results[index]]))
      return prepared.map(({ event, error, toSend = [], before }) => {
        const result = error ?? (before ? before.effect : resultOf.get(event))
        return result instanceof Error ? result : sentAfter(event, result, toSend)
      })
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
