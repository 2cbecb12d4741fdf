import { expect, test } from 'vitest'
import type { RunCheck, RunFault } from '../api/run.ts'
import { compareRuns } from './compare-runs.ts'
import type { AuditLine, JournalLine, LineOf } from './journal-line.ts'
import { type RecordedRun, recordedRun } from './recorded-run.ts'

const cut: RunFault = { id: 'cut', type: 'link.down', phase: 'chaos', state: 'planned', hits: 0 }
const heals: RunCheck = {
  ...{ kind: 'after', id: 'heals', title: 'lag < 50', fault: 'cut', withinMs: 30_000 },
  condition: { metric: 'consumer.lag', of: 'db', op: '<', value: 50 },
}
const cap: RunCheck = {
  ...{
    kind: 'end',
    id: 'dup-cap',
    title: 'duplicates',
    condition: { metric: 'ledger.duplicate_delivery', op: '<=', value: 500 },
  },
}

interface Given {
  broker?: 'local' | 'redis'
  healedAt?: number
  observed?: boolean
  peak?: number
  p99Ms?: number
  duplicates?: number
  drainedAt?: number
  failing?: AuditLine['failing']
  audit?: Partial<AuditLine>
  first?: Partial<LineOf<'run'>>
}

/** A run with a fault from 2 s, a backlog that peaks at 5 s, and a drain from 8 s. */
function runWith({
  broker = 'local',
  healedAt = 4_000,
  observed = true,
  peak = 100,
  ...given
}: Given = {}): RecordedRun {
  const { p99Ms = 1_000, duplicates = 0, drainedAt = 10_000, failing = {}, audit, first } = given
  const sample = (t: number, lag: number): JournalLine => ({
    ...{ kind: 'sample', t, due: 500, sent: 500, acked: 500, failed: 0, indeterminate: 0, refused: 0 },
    groups: { db: { lag, retrying: 0, delivered: 500 - lag, deadLettered: 0, p50Ms: 10, p99Ms } },
  })
  const lines: JournalLine[] = [
    {
      ...{
        kind: 'run',
        t: 0,
        format: 1,
        id: 'r-1',
        name: 'crash',
        seed: 42,
        broker,
        scenario: 'the file',
        lab: 'shop',
      },
      ...{ startedAt: '2026-01-01T00:00:00.000Z', endsBy: '2026-01-01T00:02:00.000Z' },
      versions: { faultline: '0.1.0', node: 'v20' },
      plan: {
        phases: [
          { name: 'chaos', durationMs: 8_000, arrivals: 500 },
          { name: 'drain', timeoutMs: 60_000, arrivals: 0 },
        ],
        ...{ faults: [cut], checks: [heals, cap] },
      },
      ...first,
    },
    { kind: 'phase', t: 0, name: 'chaos', edge: 'begin' },
    {
      ...{ kind: 'fault', t: healedAt, id: 'cut', state: 'healed', injectedAt: 2_000, healedAt, hits: 1 },
      ...(observed ? { observedAt: 2_000 } : { reason: 'no message came' }),
    },
    sample(5_000, peak),
    { kind: 'check', t: 6_000, id: 'heals', values: { db: 10 }, last: true },
    { kind: 'phase', t: 8_000, name: 'chaos', edge: 'end' },
    { kind: 'phase', t: 8_000, name: 'drain', edge: 'begin' },
    sample(drainedAt - 500, 7),
    { kind: 'phase', t: drainedAt, name: 'drain', edge: 'end' },
    sample(drainedAt, 0),
    { kind: 'check', t: drainedAt, id: 'dup-cap', values: { '': duplicates }, last: true },
    {
      ...{ kind: 'audit', t: drainedAt, drained: true, failing, secondEffects: {} },
      ...{ doubts: [], contradictions: [], breaches: [], ...audit },
    },
    { kind: 'events', t: drainedAt, count: 500, digest: 'abc' },
    { kind: 'end', t: drainedAt + 100, at: '2026-01-01T00:00:11.000Z' },
  ]
  const recorded = recordedRun(lines)
  if (!recorded) throw new Error('its first line is that of a run')
  return recorded
}
const claims = (a: RecordedRun, b: RecordedRun) => compareRuns(a, b).findings.map(({ claim }) => claim)

test('a run against itself differs in nothing, and both are said to have kept their promises', () => {
  const { figures, checks, remarks, findings } = compareRuns(runWith(), runWith())
  expect(figures.filter(({ a, b }) => a !== b)).toEqual([])
  expect([checks, remarks]).toEqual([[], []])
  expect(findings.map(({ claim }) => claim)).toEqual(['Neither lost a message or made an effect twice.'])
})

test('figures of groups, faults, checks and the drain are compared', () => {
  const { figures } = compareRuns(
    runWith(),
    runWith({ healedAt: 5_000, peak: 300, duplicates: 612, drainedAt: 20_000 }),
  )
  const of = (name: string) => {
    const { a, b, worse, wanted } = figures.find((figure) => figure.name === name) ?? {}
    return [a, b, worse, wanted]
  }
  expect(of('consumer.lag.peak db')).toEqual([100, 300, 'more', undefined])
  expect(of('fault.lasted cut')).toEqual([2_000, 3_000, 'neither', undefined])
  expect(of('held_after heals')).toEqual([2_000, 1_000, 'more', '<= 30000 ms'])
  expect(of('check dup-cap')).toEqual([0, 612, 'more', '<= 500'])
  expect(of('drain')).toEqual([2_000, 12_000, 'more', undefined])
})

test('each finding names lines of the journals that say it', () => {
  const b = runWith({ broker: 'redis', peak: 300, p99Ms: 3_000, duplicates: 612, drainedAt: 20_000 })
  const { findings, checks, remarks } = compareRuns(runWith(), b)
  expect(checks).toEqual([{ id: 'dup-cap', a: 'pass', b: 'fail' }])
  expect(remarks).toEqual(['A ran on local, B on redis'])
  expect(findings.map(({ claim, detail }) => `${claim} ${detail}`)).toEqual([
    'They were not run alike: the broker. the broker: A local, B redis',
    'B fails one check: dup-cap. 612, wanted <= 500',
    'B took 2 s longer for the slowest of db. p99 1 s in A, 3 s in B. More waited at the peak: 300 in B, 100 in A.',
    'B drained 10 s later. A took 2 s, B 12 s. The last that was unsettled: 7 of db.',
    'Neither lost a message or made an effect twice. The audits of both found every promise kept.',
  ])
  for (const { evidence } of findings) {
    expect(evidence.length).toBeGreaterThan(0)
    for (const { side, line, at, kind } of evidence)
      expect((side === 'a' ? runWith() : b).lines[line - 1]).toMatchObject({ kind, t: at })
  }
})

test('a fault that took effect in one alone, and an audit that found something, are reported', () => {
  expect(claims(runWith(), runWith({ observed: false }))).toContain('cut took effect in A alone.')
  expect(claims(runWith(), runWith({ healedAt: 7_000 }))).toContain('cut held 3 s longer in B.')
  expect(claims(runWith({ failing: { lost_message: 2 } }), runWith())).toContain('Their audits found different things.')
})

test('witnesses that contradict each other and sums that do not add up are found, and never reported as promises kept', () => {
  const kept = 'Neither lost a message or made an effect twice.'
  for (const audit of [{ contradictions: ['effect_missing: 1'] }, { breaches: ['publishes add up: a: 3 is not 4'] }]) {
    expect(claims(runWith({ audit }), runWith({ audit }))).not.toContain(kept)
    expect(claims(runWith(), runWith({ audit }))).toEqual(['Their audits found different things.'])
  }
  const { findings } = compareRuns(runWith(), runWith({ audit: { contradictions: ['x', 'y'], breaches: ['z'] } }))
  expect(findings[0]?.detail).toBe('A: none. B: contradictions of witnesses 2, broken sums 1.')
})

test('a run that was cut off says so, and no cause is made up for it', () => {
  const whole = runWith()
  const lines: JournalLine[] = [
    ...whole.lines.slice(0, 5),
    { kind: 'cut', t: 6_000, why: 'lab_ended', reason: 'the control plane ended during the run' },
    { kind: 'end', t: 6_100, at: '2026-01-01T00:00:07.000Z' },
  ]
  const broken = recordedRun(lines)
  if (!broken) throw new Error('its first line is that of a run')
  const { findings } = compareRuns(whole, broken)
  expect(findings.map(({ claim }) => claim)).toEqual(['B was ended before its time.'])
  expect(findings[0]).toMatchObject({
    detail: 'the control plane ended during the run',
    evidence: [{ side: 'b', line: 6 }],
  })
})
