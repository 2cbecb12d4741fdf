import { expect, test } from 'vitest'
import type { RunCheck, RunFault } from '../api/run.ts'
import type { AuditLine, JournalLine } from './journal-line.ts'
import { readJournal } from './read-journal.ts'
import { runOf } from './run-of.ts'

const condition = (op: '==' | '<' | '>', value: number) => ({ metric: 'consumer.lag', op, value })
const fault: RunFault = { id: 'crash', type: 'process.kill', phase: 'p', state: 'planned', hits: 0 }

const first = (checks: RunCheck[] = [], faults: RunFault[] = []): JournalLine => ({
  ...{ kind: 'run', t: 0, format: 1, id: 'r-1', name: 'a', seed: 1, broker: 'local', scenario: '' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endsBy: '2026-01-01T00:01:00.000Z' },
  ...{ versions: { faultline: '0.1.0', node: 'v20' }, plan: { phases: [], faults, checks } },
})
const audit = (more: Partial<AuditLine> = {}): JournalLine => ({
  ...{
    kind: 'audit',
    t: 9_000,
    drained: true,
    failing: {},
    secondEffects: {},
    doubts: [],
    contradictions: [],
    breaches: [],
  },
  ...more,
})
const figures = (id: string, value: number | null, last = true, t = 5_000): JournalLine => ({
  ...{ kind: 'check', t, id, values: { 'consumer-db': value }, last },
})
const end: JournalLine = { kind: 'end', t: 10_000, at: '2026-01-01T00:00:10.000Z' }
const seen: JournalLine = {
  kind: 'fault',
  t: 2_000,
  id: 'crash',
  faultId: 'f-1',
  state: 'healed',
  observedAt: 1_500,
  healedAt: 1_900,
  hits: 1,
}
const invariant: RunCheck = { kind: 'invariant', id: 'at-least-once', title: '', invariant: 'at-least-once' }
const atEnd: RunCheck = { kind: 'end', id: 'e', title: '', condition: condition('==', 0) }
const verdictOf = (...lines: JournalLine[]) => {
  const { verdict, reasons } = runOf(lines)
  return { verdict, reasons }
}

test('a run whose checks hold, whose faults took effect and whose audit agrees passes', () => {
  expect(verdictOf(first([invariant, atEnd], [fault]), seen, figures('e', 0), audit(), end)).toEqual({
    verdict: 'pass',
    reasons: [],
  })
})

test('it never passes when a fault was not seen to take effect', () => {
  for (const state of ['planned', 'healed', 'failed', 'injecting'] as const) {
    const line: JournalLine = { kind: 'fault', t: 2_000, id: 'crash', state, hits: 0, reason: 'no message came' }
    const { verdict, reasons } = verdictOf(first([invariant], [fault]), line, audit(), end)
    expect(verdict).toBe('inconclusive')
    expect(reasons[0]).toMatch(/^crash \(process.kill\) .*no message came/)
  }
})

test('a check that does not hold fails the run; one without figures leaves it open', () => {
  expect(verdictOf(first([atEnd]), figures('e', 3), audit(), end)).toEqual({
    verdict: 'fail',
    reasons: ['e: : consumer-db 3, wanted == 0'],
  })
  expect(verdictOf(first([atEnd]), figures('e', null), audit(), end).verdict).toBe('inconclusive')
  expect(verdictOf(first([atEnd]), audit(), end).verdict).toBe('inconclusive')
})

test('always fails at its first breach, once holds at its first look, after holds within its time', () => {
  const always: RunCheck = { kind: 'always', id: 'c', title: '', condition: condition('<', 5) }
  expect(verdictOf(first([always]), figures('c', 7, true, 100), audit(), end).verdict).toBe('fail')
  expect(verdictOf(first([always]), figures('c', 2), audit(), end).verdict).toBe('pass')
  const once: RunCheck = { kind: 'once', id: 'c', title: '', condition: condition('>', 5) }
  expect(verdictOf(first([once]), figures('c', 7), audit(), end).verdict).toBe('pass')
  expect(verdictOf(first([once]), figures('c', 2), audit(), end).verdict).toBe('fail')
  const after: RunCheck = {
    kind: 'after',
    id: 'c',
    title: '',
    condition: condition('<', 5),
    fault: 'crash',
    withinMs: 3_000,
  }
  expect(verdictOf(first([after], [fault]), seen, figures('c', 7, false), figures('c', 4), audit(), end).verdict).toBe(
    'pass',
  )
  expect(verdictOf(first([after], [fault]), seen, figures('c', 7), audit(), end).verdict).toBe('fail')
  expect(verdictOf(first([after], [fault]), seen, audit(), end).verdict).toBe('inconclusive')
})

test('figures that came after the time of a check decide nothing, whether or not it held then', () => {
  const after: RunCheck = {
    ...{ kind: 'after', id: 'c', title: '' },
    condition: condition('<', 5),
    fault: 'crash',
    withinMs: 1,
  }
  for (const value of [4, 7]) {
    const late: JournalLine = {
      ...{ kind: 'check', t: 5_000, id: 'c', last: true },
      values: { db: value },
      lateMs: 2_100,
    }
    expect(verdictOf(first([after], [fault]), seen, late, audit(), end)).toEqual({
      verdict: 'inconclusive',
      reasons: [`c was not decided: not known: db ${value}, looked at 2100 ms too late`],
    })
  }
})

test('invariants fail by what the audit found of this run, and are open while anything is not known', () => {
  const all: RunCheck[] = ['at-least-once', 'conservation', 'single-effect:consumer-db'].map((name) => ({
    ...invariant,
    id: name,
    invariant: name,
  }))
  const results = (line: JournalLine) => runOf([first(all), line, end]).checks.map(({ result }) => result)
  expect(results(audit())).toEqual(['pass', 'pass', 'pass'])
  expect(results(audit({ failing: { lost_message: 2 } }))).toEqual(['fail', 'pass', 'pass'])
  expect(results(audit({ contradictions: ['effect_missing'] }))).toEqual(['fail', 'pass', 'pass'])
  expect(results(audit({ breaches: ['obligations add up'] }))).toEqual(['pass', 'fail', 'pass'])
  expect(results(audit({ secondEffects: { 'consumer-db': 1, 'consumer-email': 4 } }))).toEqual(['pass', 'pass', 'fail'])
  expect(results(audit({ drained: false }))).toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
  expect(runOf([first(all), end]).checks.map(({ result }) => result)).toEqual([
    'inconclusive',
    'inconclusive',
    'inconclusive',
  ])
})

test('a run without invariants does not pass where the audit failed, was left open, or did not take place', () => {
  expect(verdictOf(first([atEnd]), figures('e', 0), audit(), end)).toEqual({ verdict: 'pass', reasons: [] })
  const found = (more: Partial<AuditLine>) => verdictOf(first([atEnd]), figures('e', 0), audit(more), end)
  expect(found({ drained: false })).toEqual({ verdict: 'inconclusive', reasons: ['the lab was not drained in time'] })
  const undrained = 'not drained in time, so the witnesses were not compared: consumer-db: 3 left'
  expect(found({ drained: false, doubts: [undrained, '2 publishes are indeterminate'] })).toEqual({
    verdict: 'inconclusive',
    reasons: [undrained, '2 publishes are indeterminate'],
  })
  expect(found({ failing: { lost_message: 2 }, contradictions: ['effect_missing: 1'] })).toEqual({
    verdict: 'fail',
    reasons: ['the audit found lost_message: 2', 'the witnesses contradict each other: effect_missing: 1'],
  })
  const doubts = ['the books do not balance: publishes add up is broken (a: 3 is not 4)']
  expect(found({ breaches: ['publishes add up: a: 3 is not 4'], doubts })).toEqual({
    verdict: 'fail',
    reasons: ['the books do not balance: publishes add up: a: 3 is not 4'],
  })
  expect(found({ failing: { lost_message: 0 }, secondEffects: { 'consumer-email': 4 } }).verdict).toBe('pass')
  expect(verdictOf(first([atEnd]), figures('e', 0), end)).toEqual({
    verdict: 'inconclusive',
    reasons: ['the audit at the end did not take place'],
  })
})

test('what a check has named is not reported again for the audit', () => {
  const reasons = (check: RunCheck, ...lines: JournalLine[]) => verdictOf(first([check]), ...lines, end).reasons
  expect(reasons(invariant, audit({ failing: { lost_message: 2 }, contradictions: ['x'] }))).toEqual([
    'at-least-once: : lost_message: 2; x',
  ])
  expect(reasons(invariant, audit({ drained: false, doubts: ['a gap'] }))).toEqual([
    'at-least-once was not decided: the lab was not drained in time; a gap',
  ])
  const none: RunCheck = { ...atEnd, condition: { ...atEnd.condition, metric: 'ledger.lost_message' } }
  expect(reasons(none, figures('e', 2), audit({ failing: { lost_message: 2, early_retry: 1 } }))).toEqual([
    'e: : consumer-db 2, wanted == 0',
    'the audit found early_retry: 1',
  ])
  const single: RunCheck = { ...invariant, id: 's', invariant: 'single-effect:consumer-db' }
  expect(reasons(single, audit({ failing: { duplicate_effect: 1 }, secondEffects: { 'consumer-db': 1 } }))).toEqual([
    's: : 1 effects of consumer-db were made twice',
  ])
})

test('a drain that came to no end leaves the run open', () => {
  const line = first()
  if (line.kind === 'run') line.plan.phases.push({ name: 'drain', timeoutMs: 100, arrivals: 0 })
  const ends: JournalLine = { kind: 'phase', t: 4_000, name: 'drain', edge: 'end', detail: 'not drained in time' }
  expect(verdictOf(line, ends, audit(), end)).toEqual({
    verdict: 'inconclusive',
    reasons: ['the phase drain: not drained in time'],
  })
})

test('a run that is cut is open, and failed where a condition of its own cut it', () => {
  const cut = (why: 'stopped' | 'aborted' | 'not_steady' | 'lab_ended'): JournalLine => ({
    kind: 'cut',
    t: 3_000,
    why,
    reason: 'because',
  })
  const abort: RunCheck = { kind: 'abort', id: 'lost', title: '', condition: condition('>', 0) }
  expect(verdictOf(first(), cut('stopped'), end)).toEqual({ verdict: 'inconclusive', reasons: ['because'] })
  expect(verdictOf(first(), cut('lab_ended'), end).verdict).toBe('inconclusive')
  expect(verdictOf(first([abort]), figures('lost', 2), cut('aborted'), end)).toEqual({
    verdict: 'fail',
    reasons: ['aborted by lost: : consumer-db 2, aborts at > 0'],
  })
  const steady: RunCheck = { kind: 'steady', id: 's', title: '', condition: condition('==', 0), withinMs: 1 }
  const run = runOf([first([steady]), figures('s', 4), cut('not_steady'), end])
  expect([run.verdict, run.checks[0]?.result]).toEqual(['inconclusive', 'fail'])
})

test('while it goes on nothing is decided that can still change', () => {
  const run = runOf([first([atEnd, invariant], [fault]), { kind: 'state', t: 1, state: 'running' }], { elapsedMs: 700 })
  expect(run).toMatchObject({ state: 'running', elapsedMs: 700, reasons: [] })
  expect(run.verdict).toBeUndefined()
  expect(run.checks.map(({ result }) => result)).toEqual(['pending', 'pending'])
})

test('a journal is read again to the same run; one that is cut off says up to where and never passes', () => {
  const lines = [first([invariant, atEnd], [fault]), seen, figures('e', 0), audit(), end]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  expect(readJournal(text)).toEqual({ lines })
  expect(runOf(readJournal(text).lines)).toEqual(runOf(lines))
  for (let length = 0; length < text.length; length += 7) {
    const read = readJournal(text.slice(0, length))
    expect(read.problem).toBeDefined()
    if (read.lines.length > 0 && read.problem !== undefined)
      expect(runOf(read.lines, { problem: read.problem }).verdict).toBe('inconclusive')
  }
  expect(readJournal('{"kind":"end","t":1,"at":""}\n').problem).toBe('the first line is not that of a run')
})
