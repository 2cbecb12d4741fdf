import { expect, test } from 'vitest'
import type { MessageRow } from '#contracts/api/journey.ts'
import type { LiveFrame } from '#contracts/api/live.ts'
import { emptyLab, type LabState, tailRows, takeFrame, takeSnapshot } from './lab-state.ts'

const frameAt = (at: number, more: Partial<LiveFrame> = {}): LiveFrame => ({
  seq: 1,
  at,
  whole: true,
  states: {},
  nodes: {},
  edges: {},
  services: [],
  charts: [],
  bursts: [],
  ledger: {
    verdict: { result: 'inconclusive', reasons: [] },
    publishes: { attempted: 0, open: 0, acked: 0, failed: 0, indeterminate: 0, recovered: 0, absent: 0 },
    groups: [],
    nextDue: {},
    anomalies: [],
    invariants: [],
    watermark: { at: null, behindMs: null, sources: [] },
    pending: 0,
    toldTwice: [],
  },
  flows: [],
  problems: [],
  underWay: null,
  faults: [],
  partitions: [],
  members: [],
  events: [],
  ...more,
})
const row = (seq: number, more: Partial<MessageRow> = {}): MessageRow => ({
  id: `producer-1:1:user_signup:${seq}`,
  type: 'user_signup',
  topic: 'user_signup',
  broker: 'local',
  publishedAt: '2026-01-01T00:00:00.000Z',
  publish: 'acked',
  groups: [],
  ...more,
})

test('the tail keeps the newest rows and no more than its bound', () => {
  const rows = Array.from({ length: tailRows + 20 }, (_, index) => row(index + 1))
  const state = takeFrame(emptyLab, frameAt(1_000, { tail: { rows, skipped: 7 } }), 1_000)
  expect(state.tail.rows).toHaveLength(tailRows)
  expect(state.tail.rows.at(-1)?.id).toBe(rows.at(-1)?.id)
  expect(state.tail.skippedInAll).toBe(7)
})

test('a changed row replaces the one on screen in place, and a repeated row is not added twice', () => {
  const first = takeFrame(emptyLab, frameAt(1_000, { tail: { rows: [row(1), row(2)], skipped: 0 } }), 0)
  const settled = row(1, { settledInMs: 12 })
  const next = takeFrame(first, frameAt(1_250, { rows: [settled], tail: { rows: [row(2)], skipped: 0 } }), 0)
  expect(next.tail.rows.map((item) => item.settledInMs)).toEqual([12, undefined])
  expect(next.rows[settled.id]).toEqual(settled)
})

test('a sparkline takes one point a second: the depth of a queue, the rate of anything else', () => {
  const nodes = { 'queue:a': { ratePerSecond: 9, total: 1, depth: 4 }, 'topic:b': { ratePerSecond: 2, total: 1 } }
  let state = takeFrame(emptyLab, frameAt(1_000, { nodes }), 0)
  for (const at of [1_250, 1_500, 2_000, 2_250]) state = takeFrame(state, frameAt(at, { nodes }), 0)
  expect(state.sparks).toEqual({ 'queue:a': [4], 'topic:b': [2] })
})

test('a snapshot replaces charts and sparklines and keeps the tail that is on screen', () => {
  const before = takeFrame(emptyLab, frameAt(1_000, { tail: { rows: [row(1)], skipped: 0 } }), 0)
  const snapshot = {
    ...frameAt(9_000),
    topology: { nodes: [], edges: [] },
    lab: {
      name: 'default',
      broker: 'local' as const,
      startedAt: '2026-01-01T00:00:00.000Z',
      version: '1',
      problems: [],
    },
    broker: { broker: 'redis' as const, state: 'ready' as const, available: [], unsettled: [] },
    sparks: { 'topic:b': [1, 2] },
  }
  const after = takeSnapshot(before, snapshot, 0)
  expect(after.tail.rows).toHaveLength(1)
  expect(after.sparks).toEqual({ 'topic:b': [1, 2] })
  expect(after.broker?.broker).toBe('redis')
  expect(takeFrame(after, frameAt(9_250), 0).broker).toBe(after.broker)
})

test('the parts of the ledger stay the same objects while only the watermark moves', () => {
  const first = takeFrame(emptyLab, frameAt(1_000), 0)
  const moved = { ...frameAt(1_250).ledger, watermark: { at: null, behindMs: 12, sources: [] } }
  const next = takeFrame(first, frameAt(1_250, { ledger: moved }), 0)
  expect(next.ledger?.watermark.behindMs).toBe(12)
  expect(next.ledger?.groups).toBe(first.ledger?.groups)
  expect(next.ledger?.verdict).toBe(first.ledger?.verdict)
})

test('dead letters that nobody published come with a frame, and go with the one that has none', () => {
  const first = takeFrame(emptyLab, frameAt(1_000), 0)
  const unowedDeadLetters = { 'consumer-db': 3 }
  const next = takeFrame(first, frameAt(1_250, { ledger: { ...frameAt(1_250).ledger, unowedDeadLetters } }), 0)
  expect(next.ledger?.unowedDeadLetters).toEqual(unowedDeadLetters)
  expect(takeFrame(next, frameAt(1_500), 0).ledger).not.toHaveProperty('unowedDeadLetters')
})

test('lines of a journal are joined in order; what comes twice is dropped, and after a gap it begins where it is', () => {
  const line = (t: number): string => JSON.stringify({ kind: 'note', t, text: '' })
  const run = (from: number, ...times: number[]) => ({ run: { id: 'r-1', from, lines: times.map(line) } })
  const times = (state: LabState) => [state.run?.from, state.run?.lines.map(({ t }) => t)]
  let state = takeFrame(emptyLab, frameAt(1, run(4, 4, 5)), 1)
  expect(times(state)).toEqual([4, [4, 5]])
  state = takeFrame(state, frameAt(2, run(5, 5, 6)), 2)
  expect(times(state)).toEqual([4, [4, 5, 6]])
  const before = state.run
  state = takeFrame(state, frameAt(3), 3)
  expect(state.run).toBe(before)
  state = takeFrame(state, frameAt(4, run(9, 9)), 4)
  expect(times(state)).toEqual([9, [9]])
  state = takeFrame(state, frameAt(5, { run: { id: 'r-1', from: 10, lines: ['{"kind":"unheard of"}', line(11)] } }), 5)
  expect(times(state)).toEqual([9, [9]])
})

test('a frame that is not whole changes what it names, and everything else stays the same value', () => {
  const figures = (ratePerSecond: number) => ({ ratePerSecond, total: 1 })
  const group = (name: string, delivered: number) => ({
    ...{ topic: 't', group: name, owed: 9, waiting: 0, handling: 0, retrying: 0, delivered, dead_lettered: 0, lost: 0 },
  })
  const service = (name: string, connected: boolean) => ({ name, connected, replicas: [], links: [], gauges: [] })
  const whole = frameAt(1_000, {
    nodes: { a: figures(1), b: figures(2) },
    states: { a: 'up', b: 'up' },
    services: [service('a', true), service('b', true)],
  })
  const before = takeFrame(
    emptyLab,
    { ...whole, ledger: { ...whole.ledger, groups: [group('a', 1), group('b', 1)] } },
    0,
  )
  const part = frameAt(1_250, {
    whole: false,
    nodes: { b: figures(3), c: figures(4) },
    services: [service('b', false)],
  })
  const after = takeFrame(before, { ...part, ledger: { ...part.ledger, groups: [group('b', 2)] } }, 0)
  expect(after.nodes).toEqual({ a: figures(1), b: figures(3), c: figures(4) })
  expect(after.nodes.a).toBe(before.nodes.a)
  expect(after.states).toBe(before.states)
  expect(after.edges).toBe(before.edges)
  expect(after.services.map(({ name, connected }) => [name, connected])).toEqual([
    ['a', true],
    ['b', false],
  ])
  expect(after.services[0]).toBe(before.services[0])
  expect(after.ledger?.groups).toEqual([group('a', 1), group('b', 2)])
  // The next whole one lists what is gone.
  expect(takeFrame(after, frameAt(1_500, { nodes: { a: figures(1) } }), 0).nodes).toEqual({ a: figures(1) })
})
