import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { testContext } from '../journeys/apply/apply-context.fixture.ts'
import { applyRecord } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { Coverage, pipeMs } from '../ledger/coverage.ts'
import { judge } from './judge.ts'

/** Nobody listens to what is not about messages. */
export const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
export const place = { segment: 1, offset: 0 }
/** Epoch milliseconds at which the lab begins. */
export const epochMs = 1_000_000
export const sequence = { producer: 'producer-1', epoch: 1, topic: 'orders' }
export const idOf = (seq: number): string => `producer-1:1:orders:${seq}`
type Delivery = Extract<TelemetryRecord, { kind: 'delivery.ended' }>['deliveries'][number]

/** A lab of two consumers, fed record by record; `consumer-db` needs its effect and promises a single one. */
export function reportedLab() {
  let now = epochMs
  const context = testContext({ now: () => now, needsEffect: (group) => group === 'consumer-db' })
  const coverage = new Coverage()
  const tell = (...records: TelemetryRecord[]): void => {
    for (const record of records) {
      now = Math.max(now, record.at)
      applyRecord(context, other, record, place)
    }
  }
  const published = (seq: number, state: 'acked' | 'failed' | 'indeterminate' = 'acked'): void =>
    tell(
      {
        ...{ kind: 'publish.attempted', at: epochMs, ...sequence },
        messages: [{ seq, type: 'order_placed', version: 1, traceparent: '', time: '', body: '{}' }],
      } as TelemetryRecord,
      { kind: 'publish.settled', at: epochMs + 1, ...sequence, outcomes: [{ seq, state }] },
    )
  const who = (group: string, replica = 1) => ({ group, instance: `${group}-${replica}` })
  const started = (seq: number, receiveCount: number, at: number, group = 'consumer-db', more = {}): void =>
    tell({
      kind: 'delivery.started',
      at,
      ...who(group),
      deliveries: [{ id: idOf(seq), attempt: receiveCount, receiveCount, receivedAt: at, ...more }],
    })
  const ended = (seq: number, receiveCount: number, at: number, group = 'consumer-db', more: Partial<Delivery> = {}) =>
    tell({
      kind: 'delivery.ended',
      at,
      ...who(group),
      deliveries: [
        {
          ...{ id: idOf(seq), attempt: receiveCount, receiveCount, startedAt: at - 1, endedAt: at, outcome: 'ok' },
          effect: { kind: 'row', ref: `orders/${seq}` },
          ...more,
        },
      ],
    })
  const settled = (
    seq: number,
    settlement: Extract<TelemetryRecord, { kind: 'delivery.settled' }>['settlement'],
    at: number,
    group = 'consumer-db',
    replica = 1,
  ): void => tell({ kind: 'delivery.settled', at, ...who(group, replica), settlement, ids: [idOf(seq)] })
  /** Every source has reported past now. */
  const cover = (services = ['producer', 'consumer-email', 'consumer-db']): void => {
    for (const service of services) {
      coverage.connected(service, now + pipeMs)
      coverage.pushed(service, 0, now + pipeMs)
    }
  }
  const look = (): void => {
    for (const decided of judge(context, coverage)) applyResolution(context, decided, place)
  }
  const found = (name: AnomalyName) => context.anomalies.list().find((anomaly) => anomaly.name === name)
  return { context, tell, published, started, ended, settled, cover, look, found, coverage }
}
