import { pino } from 'pino'
import type { Envelope } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'

const silent = pino({ level: 'silent' })

/** A message as handlers of the lab take it, with nobody listening to what they say. */
export const handled = (envelope: Envelope, eventType?: EventTypeDefinition): HandledEvent => ({
  ...{ id: envelope.id, type: envelope.type, data: JSON.parse(envelope.body), envelope },
  ...{ attempt: 1, receiveCount: 1, log: silent },
  signal: new AbortController().signal,
  say: () => undefined,
  acted: () => undefined,
  send: () => undefined,
  reported: () => undefined,
  ...(eventType === undefined ? {} : { eventType }),
})
