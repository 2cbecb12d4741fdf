import { expect, it } from 'vitest'
import type { AuditReport } from '#contracts/api/audit.ts'
import { auditWords, resolvedWords, witnessesOf } from './audit-words.ts'

const report: AuditReport = {
  ...{ broker: 'local', at: '2026-01-02T03:04:05.000Z', verdict: { result: 'pass', reasons: [] } },
  ...{ publishes: [], groups: [], nextDue: {}, anomalies: [], invariants: [], pending: 0, toldTwice: [] },
  watermark: { at: null, behindMs: null, sources: [] },
  ...{ drained: true, undrained: [], tookMs: 12, disagreements: [] },
  contents: [],
  resolved: { absent: 0, lost: 0, delivered: 0, deadLettered: 0 },
  witnesses: {
    telemetry: {
      delivered: { 'consumer-db': 4, 'consumer-email': 5 },
      deadLettered: { 'consumer-db': 1 },
      unsettled: 0,
    },
    broker: { queues: [{ group: 'consumer-db', visible: 0, inFlight: 0, delayed: 0, deadLetters: 1 }] },
    effects: {
      groups: [
        { group: 'consumer-db', kind: 'row', effects: 4, messages: 4, foreign: 0 },
        { group: 'consumer-email', kind: 'email', effects: 6, messages: 5, foreign: 0 },
      ],
    },
  },
}
const disagreement = (weight: 'fail' | 'doubt' | 'note', count: number): AuditReport['disagreements'][number] => ({
  ...{ kind: 'effect_missing', weight, count, samples: [], detail: 'd' },
})

it('says what each witness was found to hold', () => {
  expect(witnessesOf(report).map(({ name, words }) => `${name}: ${words}`)).toEqual([
    'Telemetry: 9 delivered, 1 dead letter, 0 unsettled',
    'Broker: holds 0 messages and 1 dead letter',
    'Effects: 6 mails, 4 rows',
  ])
  const silent = { ...report, drained: false, witnesses: { ...report.witnesses, broker: null, effects: null } }
  expect(
    witnessesOf(silent)
      .map(({ words }) => words)
      .slice(1),
  ).toEqual(['did not answer', 'not read: the lab was not at rest'])
})

it('counts what is grave, and says when nothing was compared', () => {
  expect(auditWords(report)).toBe('agree on every message')
  expect(auditWords({ ...report, disagreements: [disagreement('note', 3)] })).toBe('agree on every message')
  expect(auditWords({ ...report, disagreements: [disagreement('fail', 1), disagreement('doubt', 2)] })).toBe(
    '3 disagreements',
  )
  expect(auditWords({ ...report, drained: false })).toContain('did not come to rest')
})

it('names what it settled', () => {
  expect(resolvedWords(report)).toBeUndefined()
  expect(
    resolvedWords({ ...report, contents: [], resolved: { absent: 1, lost: 2, delivered: 0, deadLettered: 0 } }),
  ).toBe('Settled by it: 1 publish is absent, 2 obligations are lost.')
})
