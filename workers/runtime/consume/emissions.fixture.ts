import type { Envelope } from '#contracts/events/envelope.ts'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { paymentFailed } from '#contracts/events/payment-failed.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PublishOutcome } from '#workers/broker/broker.ts'
import type { CausedEvent } from '../publish/caused-event.ts'
import type { HandledEvent } from './consumer.ts'

export const order: CausedEvent = { type: 'order_placed', body: JSON.stringify(orderPlaced.example) }
export const failure: CausedEvent = { type: 'payment_failed', body: JSON.stringify(paymentFailed.example) }
export const rowEffect = { kind: 'row', ref: 'users/1' } as const
export const acked = async (envelopes: Envelope[]): Promise<PublishOutcome[]> =>
  envelopes.map(({ id }) => ({ state: 'acked', ref: `ref of ${id}` }))
export const refused = async (envelopes: Envelope[]): Promise<PublishOutcome[]> =>
  envelopes.map(() => ({ state: 'failed', error: { type: 'BrokerUnavailable', message: 'away' } }))

/** A handler that sends these events and then has an effect. */
export const sending =
  (...events: CausedEvent[]) =>
  async (event: HandledEvent) => {
    for (const one of events) event.send(one)
    return rowEffect
  }

/** A broker that takes everything, and what it took. */
export function taking() {
  const taken: Envelope[] = []
  return {
    taken,
    publish: (envelopes: Envelope[]) => {
      taken.push(...envelopes)
      return acked(envelopes)
    },
  }
}

export const attempted = (records: TelemetryRecord[]) =>
  records.flatMap((record) => (record.kind === 'publish.attempted' ? record.messages : []))
export const ended = (records: TelemetryRecord[]) =>
  records.flatMap((record) => (record.kind === 'delivery.ended' ? record.deliveries : []))
