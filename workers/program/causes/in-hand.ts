import { traceIdOf } from '#contracts/events/envelope.ts'
import { processSpanId } from '#contracts/events/span-id.ts'
import type { EventHandler, HandledEvent } from '#workers/runtime/consume/consumer.ts'

/** What a program says of the event that made it publish another. */
export interface CauseClues {
  /** `causationid`: the id of the event. */
  causationId?: string | undefined
  /** Trace contexts that it sent, the nearest first. */
  traceparents: readonly string[]
}

/** The events that a program is handling now. */
export interface InHand {
  /** The same handler; events are in flight while it runs. */
  during(handler: EventHandler): EventHandler
  /**
   * The event of which the clues speak: the one that is named; else the one whose run is the parent span; else the only one of the
   * trace. Undefined if there is none, or where it could be any of several.
   */
  find(clues: CauseClues): HandledEvent | undefined
}

/** Keeps the events that `group` has in flight in this process. */
export function createInHand(group: string): InHand {
  const events = new Set<HandledEvent>()
  const spanOf = ({ id, attempt, receiveCount }: HandledEvent): string =>
    processSpanId({ id, group, attempt, receiveCount })

  /** One event may be here twice, where the broker has given it out again: the later run counts. */
  function only(found: HandledEvent[]): HandledEvent | undefined {
    return new Set(found.map(({ id }) => id)).size === 1 ? found.at(-1) : undefined
  }

  return {
    during: (handler) => async (event) => {
      events.add(event)
      try {
        return await handler(event)
      } finally {
        events.delete(event)
      }
    },
    find({ causationId, traceparents }) {
      const all = [...events]
      const named = causationId === undefined ? [] : all.filter(({ id }) => id === causationId)
      if (named.length > 0) return named.at(-1)
      for (const traceparent of traceparents) {
        const [, traceId = '', spanId = ''] = traceparent.split('-')
        const traced = all.filter(({ envelope }) => traceIdOf(envelope.traceparent) === traceId)
        const found = traced.find((event) => spanOf(event) === spanId) ?? only(traced)
        if (found) return found
      }
      return undefined
    },
  }
}
