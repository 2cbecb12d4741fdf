import { expect, test } from 'vitest'
import type { LedgerSummary } from '#contracts/api/ledger.ts'
import { obligationsAt } from './node-obligations.ts'

const counts = { owed: 4, waiting: 0, handling: 0, retrying: 2, delivered: 1, dead_lettered: 0, lost: 1 }
const ledger: LedgerSummary = {
  verdict: { result: 'inconclusive', reasons: [] },
  publishes: { attempted: 0, open: 0, acked: 0, failed: 0, indeterminate: 0, recovered: 0, absent: 0 },
  groups: ['user_signup', 'order_placed'].map((topic) => ({ topic, group: 'consumer-email', ...counts })),
  nextDue: { 'consumer-email': '2026-01-02T03:04:06.500Z' },
  anomalies: [
    {
      ...{ name: 'duplicate_effect', count: 3, failing: 0, samples: [], samplesByGroup: {} },
      ...{ groups: { 'consumer-email': 3 }, since: '2026-01-02T03:04:05.000Z' },
    },
  ],
  invariants: [],
  watermark: { at: null, behindMs: null, sources: [] },
  pending: 0,
  toldTwice: [],
}
const edge = (from: string, to: string) => ({ id: `${from}->${to}`, from, to, declared: true, observed: true })
const edges = [edge('consumer:consumer-email', 'effect:mailbox'), edge('consumer:consumer-db', 'effect:database')]
const now = Date.parse('2026-01-02T03:04:05.000Z')

test('a consumer has the sum of its topics and the time until its next retry', () => {
  const at = (name: string) =>
    obligationsAt({ id: `consumer:${name}`, kind: 'consumer', name, state: 'up' }, ledger, edges, now)
  expect(at('consumer-email')).toEqual({ retrying: 4, lost: 2, dueInMs: 1_500 })
  expect(at('consumer-db')).toEqual({ retrying: 0, lost: 0 })
})

test('an effect has the duplicates of the groups that lead to it', () => {
  const at = (name: string) =>
    obligationsAt({ id: `effect:${name}`, kind: 'effect', name, state: 'up' }, ledger, edges, now)
  expect(at('mailbox')?.duplicates).toBe(3)
  expect(at('database')?.duplicates).toBe(0)
  expect(obligationsAt({ id: 'topic:a', kind: 'topic', name: 'a', state: 'up' }, ledger, edges, now)).toBeUndefined()
})
