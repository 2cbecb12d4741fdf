import { expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { ledgerState } from '../../ledger/ledger-state.ts'
import { journeyView } from '../journey-view.ts'
import { wholeLife } from '../telemetry-life.fixture.ts'
import { TraceStore } from '../trace-store.ts'
import { testContext } from './apply-context.fixture.ts'
import { applyRecord } from './apply-record.ts'
import { replaySink } from './replay-sink.ts'

const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
const groups = ['consumer-email', 'consumer-db']
const [attempted, acked, ...handled] = wholeLife(1, 3, groups, 1_000)
const again: TelemetryRecord = {
  ...{ kind: 'delivery.started', at: 1_050, group: 'consumer-db', instance: 'consumer-db-1' },
  deliveries: [{ id: 'producer-1:1:order_placed:2', attempt: 1, receiveCount: 2, receivedAt: 1_049 }],
}
const dead: TelemetryRecord = {
  ...{ kind: 'delivery.settled', at: 1_060, group: 'consumer-db', instance: 'consumer-db-1' },
  ...{ settlement: 'dead_lettered', ids: ['producer-1:1:order_placed:3'], unnamed: 1 },
}
const all = [attempted, acked, ...handled, again, dead].filter((record) => record !== undefined)

it('L3 makes the journeys again of a ledger that has all in it, and takes nothing from what is read', () => {
  const context = testContext()
  const journeys = () => [...context.traces.slots.all()].map((journey) => journeyView(journey, () => ''))
  const tell = (records: readonly TelemetryRecord[]): void => {
    for (const record of records) applyRecord(context, other, record, { segment: 1, offset: 0 })
  }
  tell(all)
  const [before, seen, anomalies] = [ledgerState(context.ledger), journeys(), context.anomalies.list()]
  expect(anomalies.map(({ name }) => name)).toContain('duplicate_delivery')
  expect(context.suspicions.size).toBe(1)

  context.traces = new TraceStore({ retain: () => {}, release: () => {} })
  context.sink = replaySink(context.ledger)
  tell(all)
  expect(journeys()).toEqual(seen)
  expect(ledgerState(context.ledger)).toEqual(before)
  expect(context.anomalies.list()).toEqual(anomalies)
  expect(context.health.repeated.size).toBe(0)
})
