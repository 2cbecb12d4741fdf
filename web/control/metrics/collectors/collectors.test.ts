import { describe, expect, it } from 'vitest'
import { anomalyNames } from '#contracts/api/ledger.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { testContext } from '../../journeys/apply/apply-context.fixture.ts'
import { TraceStore } from '../../journeys/trace-store.ts'
import { Coverage } from '../../ledger/coverage.ts'
import { Ledger } from '../../ledger/ledger.ts'
import { makeLedgerReport } from '../../verdict/ledger-report.ts'
import { Metrics } from '../metrics.ts'
import { flowCollector } from './flow-collector.ts'
import { labCollector } from './lab-collector.ts'
import { ledgerCollector } from './ledger-collector.ts'

const samples = (page: string, name: string): string[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length))

describe('flowCollector', () => {
  it('shows the ledger by state, so that the states add up, and the depths that the broker reported last', async () => {
    const ledger = new Ledger()
    const sequence = ledger.sequence('producer-1', 1, 'orders')
    for (let seq = 1; seq <= 4; seq += 1) ledger.attempt(sequence, seq, 'orders')
    // Owed before the publish is final, as records are applied.
    for (const seq of [1, 2]) ledger.owe(sequence, seq, 'consumer-db')
    ledger.publishOutcome(sequence, 1, 'orders', 'acked')
    ledger.publishOutcome(sequence, 2, 'orders', 'acked')
    ledger.publishOutcome(sequence, 3, 'orders', 'failed')
    ledger.settle(sequence, 1, 'consumer-db', 'deadLettered', 'waiting')
    const traces = new TraceStore({ retain: () => undefined, release: () => undefined })
    const metrics = new Metrics({
      ...{ groups: ledger.groups, elsewhere: () => new Map(), oldestOpenAt: () => undefined },
      ...{ effectOf: () => undefined, now: () => 0 },
    })
    metrics.takeQueueDepths([{ group: 'consumer-db', visible: 1, inFlight: 2, delayed: 3, deadLetters: 4 }])
    const meters = createMeters('web')
    meters.addCollector(flowCollector({ ledger, traces, metrics, broker: () => 'local', now: () => 0 }))
    const page = await meters.page()
    const publishes: Record<string, number> = Object.fromEntries(
      samples(page, 'faultline_ledger_publishes').map((line) => [
        /state="(\w+)"/.exec(line)?.[1],
        Number(line.split('} ')[1]),
      ]),
    )
    expect(publishes).toMatchObject({ attempted: 4, open: 1, acked: 2, failed: 1, indeterminate: 0, recovered: 0 })
    const { attempted, ...states } = publishes
    expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(attempted)
    const obligations = samples(page, 'faultline_ledger_obligations').map((line) => Number(line.split('} ')[1]))
    expect(obligations.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(samples(page, 'faultline_consumer_lag_messages')).toEqual([
      '{messaging_consumer_group_name="consumer-db"} 1',
    ])
    expect(samples(page, 'faultline_consumer_lag_seconds')).toEqual(['{messaging_consumer_group_name="consumer-db"} 0'])
    expect(samples(page, 'faultline_queue_messages').map((line) => line.split('} ')[1])).toEqual(['1', '2', '3', '4'])
    expect(page).toContain('faultline_collector_errors_total')
    expect(samples(page, 'faultline_collector_errors_total')).toEqual([])
  })
})

describe('ledgerCollector', () => {
  it('shows one verdict, and every anomaly also before it was ever found', async () => {
    const context = testContext()
    const sources = {
      ...{ context, coverage: new Coverage(), health: context.health, now: () => 0 },
      ...{ dropped: () => [], refused: () => 0, broker: () => 'local' as const },
    }
    const meters = createMeters('web')
    meters.addCollector(ledgerCollector(() => makeLedgerReport(sources)))
    const before = await meters.page()
    expect(samples(before, 'faultline_ledger_verdict')).toEqual([
      '{result="pass"} 0',
      '{result="fail"} 0',
      '{result="inconclusive"} 1',
    ])
    expect(samples(before, 'faultline_ledger_anomalies')).toHaveLength(2 * anomalyNames.length)
    context.anomalies.raise('duplicate_effect', 'producer-1:1:orders:1', 0, 'consumer-db')
    context.anomalies.raise('duplicate_effect', 'producer-1:1:orders:2', 0, 'consumer-email')
    const page = await meters.page()
    expect(page).toContain('faultline_ledger_anomalies{anomaly="duplicate_effect",weight="fail"} 1')
    expect(page).toContain('faultline_ledger_anomalies{anomaly="duplicate_effect",weight="counted"} 1')
    expect(page).toContain('faultline_ledger_verdict{result="fail"} 1')
  })
})

describe('labCollector', () => {
  it('shows replicas of a connected sidecar in every state, and none of one that is away', async () => {
    const meters = createMeters('web')
    const replica = {
      instance: 'consumer-db-1',
      pid: 1,
      broker: 'local' as const,
      restarts: 0,
      since: 0,
      state: 'up' as const,
    }
    let connected = true
    meters.addCollector(
      labCollector({
        lab: () => ({ name: 'default', broker: 'local', startedAt: '', version: '1.0.0', problems: [] }),
        parts: () => [{ name: 'broker', up: false }],
        services: () => [{ name: 'consumer-db', connected, replicas: [replica], links: [], gauges: [] }],
      }),
    )
    const up = 'faultline_service_replicas{service_name="consumer-db",state="up"}'
    expect(await meters.page()).toContain(`${up} 1`)
    connected = false
    const page = await meters.page()
    expect(page).toContain(`${up} 0`)
    expect(page).toContain('faultline_service_connected{service_name="consumer-db"} 0')
    expect(page).toContain('faultline_part_up{part="broker"} 0')
  })
})
