import type { FlowView } from '#contracts/api/flow.ts'
import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'

/** When the flow of the fixture started, epoch milliseconds. */
export const startedAt = Date.parse('2026-01-01T15:22:07.412Z')
export const at = (ms: number): string => new Date(startedAt + ms).toISOString()

export const attemptFrom = (from: number, handlingMs: number, more: Partial<Attempt> = {}): Attempt => ({
  ...{
    attempt: 1,
    receiveCount: 1,
    instance: 'payment-1',
    startedAt: at(from),
    queueMs: 36,
    handlingMs,
    outcome: 'ok',
  },
  ...more,
})

export const owed = (group: string, attempts: Attempt[], more: Partial<Obligation> = {}): Obligation => {
  const last = attempts.at(-1)
  const done = last?.outcome === 'ok'
  return {
    ...{ group, attempts, receiveCount: attempts.length, state: done ? 'delivered' : 'waiting' },
    ...(last?.effect ? { effect: last.effect } : {}),
    ...(done ? { settledAt: new Date(Date.parse(last.startedAt) + (last.handlingMs ?? 0)).toISOString() } : {}),
    ...more,
  }
}

export const flowEvent = (
  id: string,
  published: number,
  obligations: Obligation[],
  cause?: Partial<Journey['cause'] & object>,
): Journey => ({
  ...{ id, type: id.split(':')[2] ?? '', topic: id.split(':')[2] ?? '', broker: 'local', payload: {}, raw: '{}' },
  ...{ headers: {}, obligations, logs: [], key: '9c41e07b' },
  publish: { state: 'acked', attemptedAt: at(published), ackedAt: at(published + 6) },
  ...(cause ? { cause: { id: ids.placed, group: 'payment', attempt: 1, receiveCount: 1, ordinal: 1, ...cause } } : {}),
})

export const ids = {
  placed: 'shop-1:1:order_placed:4812',
  captured: 'payment-1:1:payment_captured:77',
  shipped: 'warehouse-1:1:shipment_sent:70',
} as const

/** Shop, payment with one retry and a suppressed emission, warehouse, e-mail and database. */
export const checkoutFlow: FlowView = {
  ...{ id: ids.placed, flow: 'checkout', number: 4812, key: '9c41e07b', startedAt: at(0), state: 'ended' },
  ...{
    endedBy: ['shipment_sent'],
    tookMs: 1_900,
    events: 3,
    deliveries: 5,
    unsettled: 0,
    withinMs: 60_000,
    dropped: 0,
  },
  lastEvent: { type: 'shipment_sent', service: 'warehouse', at: at(1_900) },
  journeys: [
    flowEvent(ids.placed, 0, [
      owed('consumer-db', [
        attemptFrom(61, 22, { instance: 'consumer-db-1', queueMs: 55, effect: { kind: 'row', ref: 'orders/1' } }),
      ]),
      owed('payment', [
        attemptFrom(42, 804, { outcome: 'error', error: { type: 'ReadTimeout', message: 'No answer' } }),
        attemptFrom(1_058, 444, {
          attempt: 2,
          receiveCount: 2,
          queueMs: 12,
          suppressed: [{ type: 'payment_captured', givenId: 'payment:4812:captured', of: ids.captured }],
        }),
      ]),
    ]),
    flowEvent(
      ids.captured,
      1_452,
      [owed('warehouse', [attemptFrom(1_512, 386, { instance: 'warehouse-1', queueMs: 54 })])],
      {
        attempt: 2,
        receiveCount: 2,
      },
    ),
    flowEvent(
      ids.shipped,
      1_898,
      [
        owed('consumer-email', [
          attemptFrom(1_939, 227, {
            instance: 'consumer-email-1',
            queueMs: 35,
            effect: { kind: 'email', ref: '<1@lab>' },
          }),
        ]),
        owed('consumer-db', [
          attemptFrom(1_951, 19, {
            instance: 'consumer-db-1',
            queueMs: 47,
            effect: { kind: 'row', ref: 'shipments/1' },
          }),
        ]),
      ],
      { id: ids.captured, group: 'warehouse' },
    ),
  ],
}
