import type { Broker, Delivery, DeliveryHandler, SubscribeOptions } from '#workers/broker/broker.ts'
import type { Consumer } from '../consume/consumer.ts'
import type { Telemetry } from '../process/telemetry.ts'
import type { Emitter } from '../publish/emitter.ts'

/** What of a worker a defect can get hold of. */
export type DefectiveBroker = Pick<Broker, 'publish' | 'subscribe'>

/** A mistake in a worker's own code, as wrappers around what that code speaks to and is called by. */
export interface Defect {
  broker?: <Given extends DefectiveBroker>(broker: Given) => Given
  consumer?: (consumer: Consumer) => Consumer
  /** What a worker publishes its handlers' events with. */
  emitter?: (emitter: Emitter) => Emitter
  telemetry?: (telemetry: Telemetry) => Telemetry
  /** The epoch under which a producer publishes, of the one that it was granted. */
  epoch?: (granted: number) => number
}

/** Tells the log, never telemetry, of the messages that a defect harms: before it harms them, so that a kill hides none. */
export interface HarmLog {
  harmed(...ids: string[]): void
  /** They came right after all. */
  mended(...ids: string[]): void
}

export type MakeDefect = (log: HarmLog) => Defect

/** The same broker, whose deliveries go to what `change` makes of the handler. */
export const withHandle =
  (change: (handle: DeliveryHandler) => DeliveryHandler) =>
  <Given extends DefectiveBroker>(broker: Given): Given => ({
    ...broker,
    subscribe: (group, handle, options) => broker.subscribe(group, change(handle), options),
  })

/** The same options, with `act` called first with what the broker confirmed as done. */
export function onAcked(options: SubscribeOptions = {}, act: (deliveries: Delivery[]) => void): SubscribeOptions {
  return {
    ...options,
    onSettled(deliveries, settlements, confirmed) {
      const acked = deliveries.filter((_, index) => confirmed[index] === true && settlements[index]?.kind === 'ack')
      if (acked.length > 0) act(acked)
      options.onSettled?.(deliveries, settlements, confirmed)
    },
  }
}

/** Ids of those that have one. */
export const defectIdsOf = (deliveries: readonly Delivery[]): string[] =>
  deliveries.flatMap(({ envelope }) => (envelope === undefined ? [] : [envelope.id]))

/** True for the first of every `n`, counted over all calls. */
export function oneIn(n: number): () => boolean {
  let count = 0
  return () => count++ % n === 0
}
