import pino from 'pino'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { openFlowBook } from '../flows/open-flow-book.ts'
import { EntryReader } from '../journal/entry-reader.ts'
import { TelemetryJournal } from '../journal/journal.ts'
import { OwedGroups } from '../journal/owed-groups.ts'
import { testContext } from '../journeys/apply/apply-context.fixture.ts'
import type { PackingLimits } from '../journeys/packing.ts'
import { TraceStore } from '../journeys/trace-store.ts'
import { AnomalyBook } from '../ledger/anomaly-book.ts'
import { Ledger } from '../ledger/ledger.ts'
import { Metrics } from '../metrics/metrics.ts'
import { createRehydration } from '../rehydrate/rehydrate.ts'
import { TelemetryIntake } from './telemetry-intake.ts'

export const groups = ['consumer-email', 'consumer-db']
export const groupsOf = (type: string): string[] => (type === 'order_placed' ? groups : ['consumer-email'])

interface IntakeOptions {
  segment?: number
  kept?: number
  now?: () => number
  needsEffect?: (group: string) => boolean
  /** When journeys become packed, open ones and settled ones; none does unless this says so. */
  packing?: PackingLimits
  /** Flows that are declared. */
  flows?: readonly FlowDeclaration[]
  keptFlows?: number
  /** Who takes a type at a moment; `groupsOf` always, unless this says so. */
  owedAt?: (type: string, at: number) => readonly string[]
}

/** Every journey that only waits, or is settled, becomes packed at once. */
export const allPacked: PackingLimits = { awake: 0, recentChunks: 0, fewest: 1, step: 0 }

/** All that were opened and not taken from here since, to be closed at the end. */
export const openedIntakes: TelemetryIntake[] = []

/** An intake over a folder. */
export async function openIntake(
  directory: string,
  {
    segment = 4_000,
    kept = 5,
    now = () => 1_000,
    needsEffect = () => false,
    packing,
    flows = [],
    keptFlows = 5,
    owedAt = groupsOf,
  }: IntakeOptions = {},
) {
  const journal = new TelemetryJournal(directory, segment)
  const ledger = new Ledger()
  const traces = new TraceStore(journal, kept)
  const owed = new OwedGroups()
  const metrics = new Metrics({
    groups: ledger.groups,
    elsewhere: () => new Map(),
    oldestOpenAt: () => undefined,
    effectOf: () => 'database',
    now,
  })
  const anomalies = new AnomalyBook((group) => ({ idempotent: group === 'consumer-db', body: { kind: 'source' } }))
  const book = openFlowBook({ ledger, traces, anomalies, now }, keptFlows)
  const context = testContext({
    ...{ anomalies, flows: book },
    ledger,
    traces,
    flow: metrics.flow,
    owedGroups: (type) => owed.groupsOf(type),
    owedAtAnswer: (type) => owed.atAnswer(type),
    now,
    needsEffect,
  })
  const entries = new EntryReader(journal)
  if (packing) traces.allowPacking(createRehydration(context, entries), packing, packing)
  const intake = new TelemetryIntake({
    directory,
    journal,
    context,
    health: context.health,
    totals: metrics.flow,
    other: { log: () => {}, gauges: () => {}, burst: () => {}, fault: () => {}, assigned: () => {} },
    owed,
    flows: book,
    flowsNow: () => flows,
    groupsOf: owedAt,
    logs: () => [],
    log: pino({ level: 'silent' }),
  })
  openedIntakes.push(intake)
  await intake.open()
  return { intake, ledger, traces, metrics, journal, context, entries, flows: book }
}

export const frameOf = (incarnation: string, seq: number, records: TelemetryRecord[]): TelemetryFrame => ({
  source: incarnation,
  incarnation,
  seq,
  body: new TextEncoder().encode(JSON.stringify(records)),
})
