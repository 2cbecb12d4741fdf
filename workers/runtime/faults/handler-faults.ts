import { handlerError } from '#contracts/faults/catalogue/handler-error.ts'
import { handlerLatency } from '#contracts/faults/catalogue/handler-latency.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import { drawOf, victimName } from '#contracts/faults/victims.ts'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { BatchHandler, Consumer, EventHandler, HandledEvent } from '../consume/consumer.ts'
import type { ActiveFaults } from './active-faults.ts'

/** What a fault made of a handler; its name is the one that was asked for. */
class InjectedError extends Error {
  constructor(type: string, fault: string) {
    super(`injected by fault ${fault}`)
    this.name = type
  }
}

/** What happens to one event before and after its handler. */
interface Plight {
  latencyMs: number
  before?: Error
  after?: Error
}

/**
 * The same consumer, whose handlers are slow or fail where a fault says so. Events that no fault hits go to the original at once,
 * those of a batch together.
 */
export function withHandlerFaults(consumer: Consumer, faults: ActiveFaults): Consumer {
  const { handlers, batch } = consumer
  return {
    ...consumer,
    ...(handlers === undefined ? {} : { handlers: mapValues(handlers, (handler) => oneByOne(handler, faults)) }),
    ...(batch === undefined ? {} : { batch: inBatches(batch, faults) }),
  }
}

function plightOf(event: HandledEvent, faults: ActiveFaults): Plight | undefined {
  const { id, type, envelope } = event
  const message = { id, type, traceparent: envelope.traceparent }
  const slow = faults.hitting(handlerLatency.type, message)
  const failing = faults.hitting(handlerError.type, message)
  if (slow.length === 0 && failing.length === 0) return undefined
  const plight: Plight = { latencyMs: slow.reduce((sum, fault) => sum + latencyOf(fault, event), 0) }
  for (const fault of slow) faults.hit(fault, event.id)
  for (const fault of failing) {
    const { errorType, stage } = handlerError.params.parse(fault.params)
    plight[stage] ??= new InjectedError(errorType, fault.id)
    faults.hit(fault, event.id)
  }
  return plight
}

function latencyOf(fault: HeldFault, event: HandledEvent): number {
  const { latencyMs, jitterMs } = handlerLatency.params.parse(fault.params)
  return latencyMs + jitterMs * drawOf(fault.seed, `jitter ${victimName(event.id, event.envelope.traceparent)}`)
}

function oneByOne(handler: EventHandler, faults: ActiveFaults): EventHandler {
  return async (event) => {
    const plight = plightOf(event, faults)
    if (!plight) return handler(event)
    await pause(plight.latencyMs, event.signal)
    if (plight.before) throw plight.before
    const effect = await handler(event)
    if (!plight.after) return effect
    if (effect) event.acted(effect)
    throw plight.after
  }
}

function inBatches(batch: BatchHandler, faults: ActiveFaults): BatchHandler {
  return async (events) => {
    const plights = events.map((event) => plightOf(event, faults))
    if (plights.every((plight) => plight === undefined)) return batch(events)
    const answers: (Effect | undefined | Error)[] = events.map((_, index) => plights[index]?.before)
    // Those that wait equally long, which is mostly all or none, still share a batch.
    const groups = new Map<number, number[]>()
    for (const [index, plight] of plights.entries()) {
      const latencyMs = plight?.latencyMs ?? 0
      groups.set(latencyMs, [...(groups.get(latencyMs) ?? []), index])
    }
    const run = async (latencyMs: number, indexes: number[]): Promise<void> => {
      const members = indexes.flatMap((index) => {
        const event = events[index]
        return event ? [{ index, event, plight: plights[index] }] : []
      })
      const [first] = members
      if (first) await pause(latencyMs, first.event.signal)
      const healthy = members.filter(({ plight }) => plight?.before === undefined)
      if (healthy.length === 0) return
      const results = await batch(healthy.map(({ event }) => event))
      for (const [place, { index, event, plight }] of healthy.entries()) {
        const result = place < results.length ? results[place] : new Error('the batch handler gave no answer')
        if (plight?.after && result && !(result instanceof Error)) event.acted(result)
        answers[index] = plight?.after ?? result
      }
    }
    const settled = await Promise.allSettled([...groups].map(([latencyMs, indexes]) => run(latencyMs, indexes)))
    for (const [place, [, indexes]] of [...groups].entries()) {
      const result = settled[place]
      if (result?.status !== 'rejected') continue
      const error = result.reason instanceof Error ? result.reason : new Error(String(result.reason))
      for (const index of indexes) answers[index] ??= error
    }
    return answers
  }
}

/** Rejects with the signal's reason where that aborts first. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted)
      resolve()
    }, ms)
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted, { once: true })
  })
}

const mapValues = <Value, Result>(
  record: Record<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
