import type { EffectSample, GroupFigures, LedgerReport, LedgerSummary, PublishFigures } from '#contracts/api/ledger.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { newPublishCounts } from '../ledger/counters.ts'
import type { Coverage } from '../ledger/coverage.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TelemetryHealth } from '../ledger/telemetry-health.ts'
import type { ForeignEffects } from './foreign-effects.ts'
import { checkInvariants } from './invariants.ts'
import { type FlowEvidence, verdictOf } from './verdict.ts'

export interface ReportSources {
  context: Pick<ApplyContext, 'ledger' | 'anomalies' | 'suspicions' | 'dues'>
  coverage: Coverage
  health: TelemetryHealth
  /** Frames that sidecars dropped since they started. */
  dropped(): { service: string; count: number }[]
  /** Records that were invalid. */
  refused(): number
  broker(): BrokerName
  /** What was looked up in the effect store while the lab ran. */
  effectSamples?: () => EffectSample[]
  /** What is known of the effects of services that are not the lab's own. */
  foreign?: () => ForeignEffects[]
  /** Dead letters that no producer published, by group. */
  unowedDeadLetters?: () => Record<string, number>
  /** What is known of flows; undefined if none is declared. */
  flows?: () => FlowEvidence | undefined
  now(): number
}

/** What is known now: figures, anomalies, invariants, and the verdict that follows from them. */
export function makeLedgerReport(sources: ReportSources): LedgerReport {
  const { context, coverage, health } = sources
  const { ledger, anomalies, suspicions, dues } = context
  const now = sources.now()
  const publishes = publishesOf(ledger)
  const groups = groupsOf(ledger)
  const flows = sources.flows?.()
  const invariants = checkInvariants(ledger, anomalies, flows?.breaches)
  const list = coverage.list()
  const oldest = coverage.oldest()
  const sum = (pick: (figures: GroupFigures) => number): number => groups.reduce((total, row) => total + pick(row), 0)
  const total = totalOf(publishes)
  const unowed = sources.unowedDeadLetters?.() ?? {}
  return {
    broker: sources.broker(),
    at: new Date(now).toISOString(),
    verdict: verdictOf({
      failing: anomalies.failing,
      invariants,
      attempted: total.attempted,
      open: total.open,
      indeterminate: total.indeterminate,
      waiting: sum((row) => row.waiting),
      handling: sum((row) => row.handling),
      retrying: sum((row) => row.retrying),
      pending: suspicions.size,
      missing: health.missing,
      cutOff: health.cutOff,
      dropped: sources.dropped(),
      repeated: health.repeated,
      unreported: health.unreported,
      refused: sources.refused(),
      deadLetters: sum((row) => row.dead_lettered),
      unowedLetters: Object.values(unowed).reduce((sum, count) => sum + count, 0),
      flows,
      ...(sources.foreign ? { foreign: sources.foreign() } : {}),
      secondEffects: secondEffects(anomalies.list()),
      auditedAt: health.auditedAt,
      vouchesSince: health.vouchesSince,
      silent: list.flatMap(({ service, connected }) => (connected ? [] : [service])),
    }),
    publishes,
    groups,
    nextDue: Object.fromEntries([...dues.next()].map(([group, at]) => [group, new Date(at).toISOString()])),
    anomalies: anomalies.list(),
    invariants,
    watermark: {
      at: oldest === undefined ? null : new Date(oldest).toISOString(),
      behindMs: oldest === undefined ? null : now - oldest,
      sources: list.map(({ service, connected, coveredAt }) => ({
        service,
        connected,
        behindMs: coveredAt === undefined ? null : now - coveredAt,
        missingFrames: health.missing.get(service) ?? 0,
      })),
    },
    pending: suspicions.size,
    ...(Object.keys(unowed).length > 0 ? { unowedDeadLetters: unowed } : {}),
    ...(sources.effectSamples ? { effectSamples: sources.effectSamples() } : {}),
    toldTwice: [...health.repeated].map(([instance, records]) => {
      return { instance, records, samples: [...(health.repeatedIds.get(instance) ?? [])] }
    }),
  }
}

const secondEffects = (anomalies: LedgerReport['anomalies']): number => {
  const second = anomalies.find(({ name }) => name === 'duplicate_effect')
  return second ? second.count - second.failing : 0
}

/** The same for a viewer's frame, with the topics of publishes together. */
export function makeLedgerSummary({ publishes, anomalies, ...report }: LedgerReport): LedgerSummary {
  const { verdict, groups, nextDue, invariants, watermark, pending, toldTwice, unowedDeadLetters } = report
  return {
    ...{ verdict, groups, nextDue, invariants, watermark, pending, toldTwice },
    ...(unowedDeadLetters === undefined ? {} : { unowedDeadLetters }),
    publishes: totalOf(publishes),
    anomalies: anomalies.map(({ meaning: _, ...anomaly }) => anomaly),
  }
}

function publishesOf(ledger: Ledger): PublishFigures[] {
  const byTopic = new Map<string, PublishFigures>()
  for (const [topic, , counts] of ledger.publishes.entries()) {
    const figures = byTopic.get(topic) ?? { topic, ...newPublishCounts() }
    byTopic.set(topic, { topic, ...added(figures, counts) })
  }
  return [...byTopic.values()].sort((a, b) => a.topic.localeCompare(b.topic))
}

function totalOf(publishes: readonly PublishFigures[]): Omit<PublishFigures, 'topic'> {
  return publishes.reduce<Omit<PublishFigures, 'topic'>>(added, newPublishCounts())
}

const added = (a: Omit<PublishFigures, 'topic'>, b: Omit<PublishFigures, 'topic'>): Omit<PublishFigures, 'topic'> => ({
  attempted: a.attempted + b.attempted,
  open: a.open + b.open,
  acked: a.acked + b.acked,
  failed: a.failed + b.failed,
  indeterminate: a.indeterminate + b.indeterminate,
  recovered: a.recovered + b.recovered,
  absent: a.absent + b.absent,
})

function groupsOf(ledger: Ledger): GroupFigures[] {
  const rows: GroupFigures[] = []
  for (const [topic, group, counts] of ledger.groups.entries()) {
    const { owed, waiting, handling, retrying, delivered, deadLettered: dead_lettered, lost } = counts
    rows.push({ topic, group, owed, waiting, handling, retrying, delivered, dead_lettered, lost })
  }
  return rows.sort((a, b) => a.group.localeCompare(b.group) || a.topic.localeCompare(b.topic))
}
