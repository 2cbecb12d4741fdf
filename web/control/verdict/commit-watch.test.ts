import { describe, expect, it } from 'vitest'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { testContext } from '../journeys/apply/apply-context.fixture.ts'
import { applyRecord } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { Coverage } from '../ledger/coverage.ts'
import { suspectPassed } from './commit-watch.ts'
import { judge } from './judge.ts'

const other = { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} }
const place = { segment: 1, offset: 0 }
const group = 'consumer-db'
const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`

/** Three messages at offsets 0 to 2 of one partition on Kafka. The first two were handled; the group committed `committed`. */
function lab(committed: number) {
  let now = 1_000_000
  const context = testContext({ now: () => now })
  const coverage = new Coverage()
  coverage.connected('consumer-db', now)
  const tell = (...records: TelemetryRecord[]): void => {
    for (const record of records) applyRecord(context, other, record, place)
  }
  const [attempted, settled, ...life] = wholeLife(1, 3, [group], now)
  if (attempted?.kind !== 'publish.attempted' || settled?.kind !== 'publish.settled') throw new Error('no publish')
  const outcomes = settled.outcomes.map((outcome) => ({ ...outcome, ref: `0@${outcome.seq - 1}` }))
  tell({ ...attempted, broker: 'kafka' }, { ...settled, outcomes })
  const lives = (seqs: number[]): TelemetryRecord[] =>
    life.map((record) => {
      const keep = (id: string) => seqs.includes(Number(id.split(':').at(-1)))
      if (record.kind === 'delivery.started')
        return { ...record, deliveries: record.deliveries.filter(({ id }) => keep(id)) }
      if (record.kind === 'delivery.ended')
        return { ...record, deliveries: record.deliveries.filter(({ id }) => keep(id)) }
      return record.kind === 'delivery.settled' ? { ...record, ids: record.ids.filter(keep) } : record
    })
  tell(...lives([1, 2]))
  const look = (): void => {
    const partition = { topic: 'order_placed', partition: 0, startOffset: 0, endOffset: 3 }
    suspectPassed(context, 'kafka', [{ ...partition, groups: [{ group, committed }] }])
  }
  const judged = (): void => {
    // Two pushes that leave nothing behind: what was written before the first is heard.
    now += 1_000
    coverage.pushed('consumer-db', 0, now)
    now += 1_000
    coverage.pushed('consumer-db', 0, now)
    for (const each of judge(context, coverage)) applyResolution(context, each, place)
  }
  return { context, tell, lives, look, judged }
}

describe('a committed offset past a message that no handler was given', () => {
  it('is a premature commit once telemetry has reported past it, and the message is lost', () => {
    const { context, look, judged } = lab(3)
    look()
    expect(context.anomalies.list()).toEqual([])
    judged()
    expect(context.anomalies.list()).toMatchObject([{ name: 'premature_commit', count: 1, samples: [idOf(3)] }])
    judged()
    expect(context.anomalies.list()).toMatchObject([
      { name: 'lost_message', count: 1, samples: [idOf(3)] },
      { name: 'premature_commit', count: 1 },
    ])
    look()
    judged()
    expect(context.anomalies.count('premature_commit')).toBe(1)
  })

  it('is none where telemetry of the handler was only late', () => {
    const { context, look, judged, tell, lives } = lab(3)
    look()
    tell(...lives([3]))
    judged()
    expect(context.anomalies.list()).toEqual([])
  })

  it('is none where the group has not committed past it', () => {
    const { context, look, judged } = lab(2)
    look()
    judged()
    expect([context.anomalies.list(), context.suspicions.size]).toEqual([[], 0])
  })
})
