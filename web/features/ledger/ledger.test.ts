import { describe, expect, it } from 'vitest'
import type { GroupFigures } from '#contracts/api/ledger.ts'
import { barSegmentsOf, groupRows, totalOf } from './ledger-figures.ts'
import {
  type AnomalySummary,
  anomalyNote,
  auditedWords,
  behindVerdict,
  failingWords,
  shortReason,
  sourceView,
  verdictClassOf,
} from './ledger-words.ts'

const row = (group: string, topic: string, over: Partial<GroupFigures> = {}): GroupFigures => ({
  ...{ group, topic, owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 },
  ...over,
})
const anomaly = (over: Partial<AnomalySummary>): AnomalySummary => ({
  ...{ name: 'duplicate_delivery', count: 3, failing: 0, samples: [], groups: {}, samplesByGroup: {} },
  ...{ since: '2026-01-02T03:04:05.000Z', ...over },
})

describe('figures', () => {
  const rows = [
    row('consumer-email', 'user_signup', { owed: 10, delivered: 6, waiting: 2, handling: 1, retrying: 1 }),
    row('consumer-db', 'user_signup', { owed: 10, delivered: 9, dead_lettered: 1 }),
    row('consumer-email', 'order_placed', { owed: 20, delivered: 19, lost: 1 }),
  ]

  it('shares what is owed among five states that add up', () => {
    const total = totalOf(rows)
    const segments = barSegmentsOf(total)
    expect(segments.map(({ word, count }) => [word, count])).toEqual([
      ['delivered', 34],
      ['in flight', 3],
      ['retrying', 1],
      ['dead-lettered', 1],
      ['lost', 1],
    ])
    expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(total.owed)
  })

  it('puts topics under their group, the busiest first', () => {
    expect(
      groupRows(rows).map(({ group, total, topics }) => [group, total.owed, topics.map(({ topic }) => topic)]),
    ).toEqual([
      ['consumer-db', 10, ['user_signup']],
      ['consumer-email', 30, ['order_placed', 'user_signup']],
    ])
  })
})

describe('words', () => {
  it('says the first reason of a verdict without its figures, and a failure with its count', () => {
    const reasons = ['backlog not drained: 4 obligations are not settled', 'nothing']
    expect(shortReason({ result: 'inconclusive', reasons }, null)).toBe('backlog not drained')
    expect(shortReason({ result: 'fail', reasons: ['lost_message: 3'] }, null)).toBe('lost_message: 3')
    expect(shortReason({ result: 'pass', reasons: [] }, '2026-01-02T03:04:05Z')).toMatch(/^all settled at \d\d:04:05$/)
  })

  it('says when the witnesses were compared, and what a verdict does not hang on', () => {
    const auditedAt = '2026-01-02T03:04:05.000Z'
    const pass = { result: 'pass' as const, reasons: [], auditedAt }
    expect(shortReason(pass, '2026-01-02T09:00:00Z')).toBe('all settled')
    const notes = ['3 dead letters were not delivered: kept, and to be redriven', '1 effect was made a second time']
    expect(shortReason({ ...pass, notes }, null)).toBe('3 dead letters were not delivered')
    expect(shortReason({ result: 'inconclusive', reasons: ['a gap: 1'], notes }, null)).toBe('a gap')
    expect(auditedWords(pass, false)).toMatch(/^audited \d\d:04:05$/)
    expect(auditedWords({ result: 'pass', reasons: [] }, false)).toBe('not audited')
    expect(auditedWords(pass, true)).toBe('auditing…')
    expect(behindVerdict({ ...pass, reasons: ['r'], notes, vouchesSince: auditedAt })).toEqual([
      ...['r', ...notes],
      expect.stringMatching(/accounted for everything up to \d\d:04:05$/),
    ])
  })

  it('weighs an anomaly by what it breaks', () => {
    expect(anomalyNote(anomaly({}))).toBe('normal under faults')
    expect(anomalyNote(anomaly({ name: 'lost_message', failing: 3 }))).toBe('breaks at-least-once')
    const groups = { 'consumer-email': 3 }
    expect(anomalyNote(anomaly({ name: 'duplicate_effect', groups }))).toBe(
      'consumer-email: counted, cannot be prevented',
    )
    expect(anomalyNote(anomaly({ name: 'duplicate_effect', failing: 1, groups }))).toBe('1 break at-least-once')
    expect(failingWords([anomaly({}), anomaly({ failing: 1 })])).toBe('1 that fails at-least-once')
  })

  it('distinguishes a source that is away or has a gap from one that reported all', () => {
    const source = { service: 'producer', connected: true, behindMs: 620, missingFrames: 0 }
    expect(sourceView(source)).toMatchObject({ tone: 'delivered', word: 'no gap, 0.6 s behind' })
    expect(sourceView({ ...source, missingFrames: 2 })).toMatchObject({ tone: 'lost' })
    expect(sourceView({ ...source, connected: false }).word).toBe('away, no gap, 0.6 s behind')
    expect(sourceView({ ...source, behindMs: null }).word).toBe('never heard, no gap')
  })
})

describe('the color of a verdict', () => {
  const seen = 'effects of 3 deliveries of payment were looked up and found'
  const green = verdictClassOf({ result: 'pass', reasons: [], notes: [seen] })

  it('is green only where all effects were looked at', () => {
    expect(green).toContain('delivered')
    for (const unseen of [
      'nobody looked at the effects of 2 deliveries of payment',
      'effects of 2 deliveries of fraud are reported by it, not verified',
    ])
      expect(verdictClassOf({ result: 'pass', reasons: [], notes: [seen, unseen] })).not.toContain('delivered')
  })

  it('has its reason beside it', () => {
    const unseen = 'nobody looked at the effects of 2 deliveries of payment'
    expect(shortReason({ result: 'pass', reasons: [], notes: [seen, unseen] }, null)).toBe(unseen)
  })

  it('stays that of a failure whatever nobody looked at', () => {
    const notes = ['nobody looked at the effects of 2 deliveries of payment']
    expect(verdictClassOf({ result: 'fail', reasons: ['lost: 1'], notes })).toContain('lost')
  })
})
