import { afterEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '#contracts/api/live.ts'
import { api, heldReason } from './api.ts'
import { useLive } from './live-store.ts'
import { endReplay, replayPatch, showMoment } from './replay.ts'

const verdict = { result: 'pass' as const, reasons: [] }
const publishes = { attempted: 0, open: 0, acked: 0, failed: 0, indeterminate: 0, recovered: 0, absent: 0 }
const snapshot: Snapshot = {
  ...{ seq: 0, at: 5_000, states: {}, nodes: { 'topic:a': { ratePerSecond: 7, total: 7 } }, edges: {}, services: [] },
  ...{ charts: [], bursts: [], partitions: [], members: [], flows: [], faults: [], events: [], problems: [] },
  ...{ topology: { nodes: [], edges: [] }, sparks: {}, underWay: null },
  broker: { broker: 'local', state: 'ready', available: [], unsettled: [] },
  lab: { name: 'lab', broker: 'local', startedAt: new Date(0).toISOString(), version: '0', problems: [] },
  ledger: {
    ...{ verdict, publishes, groups: [], nextDue: {}, anomalies: [], invariants: [], pending: 0, toldTwice: [] },
    watermark: { at: null, behindMs: null, sources: [] },
  },
  tail: { rows: [], skipped: 0 },
}

afterEach(endReplay)

describe('a moment of the past', () => {
  it('stands in the place of what is live, and lets nobody change anything', async () => {
    showMoment(snapshot, { at: 5_000, pace: 0, words: 'at 5.0 s' })
    expect(useLive.getState()).toMatchObject({ at: 5_000, nodes: snapshot.nodes, replay: { words: 'at 5.0 s' } })
    const answer = await api.post('/event', {})
    expect(answer).toMatchObject({ ok: false, problem: { detail: heldReason } })
    endReplay()
    expect(useLive.getState().replay).toBeUndefined()
  })

  it('is in a link', () => {
    expect(replayPatch(5_000.4)).toEqual({ at: '5000', run: undefined })
    expect(replayPatch('2026-01-02T03:04:05Z', 'r1')).toEqual({ at: '2026-01-02T03:04:05Z', run: 'r1' })
  })
})
