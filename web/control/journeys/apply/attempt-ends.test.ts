import { expect, test } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { journeyView } from '../journey-view.ts'
import { wholeLife } from '../telemetry-life.fixture.ts'
import { testContext } from './apply-context.fixture.ts'
import { applyRecord } from './apply-record.ts'

const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
const id = 'producer-1:1:order_placed:1'
const who = { group: 'consumer-db', instance: 'consumer-db-1' }
const started = { attempt: 1, receiveCount: 1 }

function attemptsAfter(records: TelemetryRecord[]) {
  const context = testContext()
  context.processes.heard('consumer-db-1', 'a', 1_000, 1_000)
  for (const record of [...wholeLife(1, 1, [], 1_000), ...records])
    applyRecord(context, other, record, { segment: 1, offset: 0 })
  const found = context.ledger.find(id)
  const journey = found && context.traces.get(found.sequence, found.seq)
  return (
    journey && journeyView(journey, () => undefined).obligations.find(({ group }) => group === 'consumer-db')?.attempts
  )
}

const begins: TelemetryRecord = {
  ...{ kind: 'delivery.started', at: 1_010, ...who },
  deliveries: [{ id, ...started, receivedAt: 1_009 }],
}

test('an attempt whose process ended says how', () => {
  const ends: TelemetryRecord = {
    ...{ kind: 'process.ended', at: 1_020, service: 'consumer-db', instance: 'consumer-db-1' },
    ...{ incarnation: 'a', how: 'SIGKILL' },
  }
  expect(attemptsAfter([begins, ends])).toMatchObject([
    { outcome: 'interrupted', endedBy: { how: 'SIGKILL', at: new Date(1_020).toISOString() } },
  ])
})

test('a settlement that the broker refused is noted at the run that asked for it', () => {
  const fenced: TelemetryRecord = { kind: 'delivery.settled', at: 1_050, ...who, settlement: 'fenced', ids: [id] }
  expect(attemptsAfter([begins, fenced])).toMatchObject([{ fencedAt: new Date(1_050).toISOString() }])
})
