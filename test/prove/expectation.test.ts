import { describe, expect, it } from 'vitest'
import type { Anomaly } from '#contracts/api/ledger.ts'
import { defectNames, type Harm } from '#contracts/defects.ts'
import { defectRows } from './defect-rows.ts'
import { beyond, isMet, saidBy } from './expectation.ts'
import { faultOf } from './fault-runs.ts'
import { tableOf } from './table.ts'

const anomaly = (name: Anomaly['name'], samples: string[], failing: number, group = 'consumer-db'): Anomaly => ({
  ...{ name, samples, failing, meaning: '', count: samples.length, since: '' },
  groups: { [group]: samples.length },
  samplesByGroup: { [group]: samples },
})
const harm = (id: string, what: Harm['what'] = 'harmed'): Harm => ({
  ...{ at: 1, instance: 'consumer-db-1', defect: 'swallow-error', id, what },
})
const said = (...anomalies: Anomaly[]) => saidBy({ anomalies, toldTwice: [] })
const lost = { name: 'lost_message', by: 'ledger', group: 'consumer-db' } as const

describe('an expectation', () => {
  it('is met where exactly those who were harmed are named', () => {
    const harms = [harm('a'), harm('b')]
    expect(isMet(said(anomaly('lost_message', ['b', 'a'], 2)), harms, lost)).toBe(true)
    expect(isMet(said(anomaly('lost_message', ['a'], 1)), harms, lost), 'one is missing').toBe(false)
    expect(isMet(said(anomaly('lost_message', ['a', 'b', 'c'], 3)), harms, lost), 'one too many').toBe(false)
    expect(isMet(said(anomaly('lost_message', ['a', 'c'], 2)), harms, lost), 'another one').toBe(false)
    expect(isMet(said(anomaly('premature_commit', ['a', 'b'], 2)), harms, lost), 'another name').toBe(false)
    expect(isMet(said(anomaly('lost_message', ['a', 'b'], 2, 'consumer-email')), harms, lost), 'another group').toBe(
      false,
    )
  })

  it('is never met where nobody was harmed', () => {
    expect(isMet(said(anomaly('lost_message', [], 0)), [], lost)).toBe(false)
  })

  it('leaves out those that came right where it says so', () => {
    const harms = [harm('a'), harm('b'), harm('a', 'mended')]
    expect(isMet(said(anomaly('lost_message', ['b'], 1)), harms, { ...lost, whom: 'not mended' })).toBe(true)
    expect(isMet(said(anomaly('lost_message', ['b'], 1)), harms, lost)).toBe(false)
  })

  it('excuses by the fault what is counted, and nothing that fails', () => {
    const both = said(anomaly('lost_message', ['a'], 1), anomaly('duplicate_delivery', ['a'], 0))
    expect(beyond(both, [lost], ['duplicate_delivery'])).toEqual([])
    expect(beyond(both, [lost], [])).toHaveLength(1)
    expect(beyond(said(anomaly('duplicate_effect', ['a'], 1)), [lost], ['duplicate_effect'])).toHaveLength(1)
  })

  it('reads who reported twice, and what an audit disagrees on', () => {
    const toldTwice = [{ instance: 'consumer-db-1', records: 2, samples: ['a'] }]
    const audit = {
      ...{ anomalies: [], toldTwice, verdict: { result: 'fail' as const, reasons: [] } },
      disagreements: [{ kind: 'effect_missing', group: 'consumer-db', samples: ['b'] }],
    }
    const all = saidBy({ anomalies: [], toldTwice }, audit)
    expect(isMet(all, [harm('a')], { name: 'told_twice', by: 'ledger' })).toBe(true)
    expect(isMet(all, [harm('b')], { name: 'effect_missing', by: 'audit', group: 'consumer-db' })).toBe(true)
  })
})

it('every defect has a row', () => {
  expect(defectRows.map(({ defect }) => defect).sort()).toEqual([...defectNames].sort())
})

it('a seed has one fault, and the next seeds have others', () => {
  expect(faultOf(7)).toEqual(faultOf(7))
  const faults = Array.from({ length: 20 }, (_, seed) => JSON.stringify({ ...faultOf(seed), seed: 0 }))
  expect(new Set(faults).size).toBe(20)
})

it('a table has columns of one width', () => {
  expect(tableOf(['A', 'Name'], [['x', 'longer']])).toBe('| A   | Name   |\n|-----|--------|\n| x   | longer |')
})
