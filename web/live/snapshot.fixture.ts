import type { Snapshot } from '#contracts/api/live.ts'

const verdict = { result: 'pass' as const, reasons: [] }
const publishes = { attempted: 0, open: 0, acked: 0, failed: 0, indeterminate: 0, recovered: 0, absent: 0 }
/** Of a lab with one topic, at 5 s. */
export const emptySnapshot: Snapshot = {
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
