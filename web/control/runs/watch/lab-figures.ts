import type { FlowFigures } from '#contracts/api/flow.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { CheckValues, Condition, RunSample } from '#contracts/api/run.ts'
import { anomalyOf, metricOf } from '#contracts/scenario/metrics.ts'
import type { RunLab } from '../run-lab.ts'
import { flowValues } from './flow-values.ts'
import type { MessageTimes } from './message-times.ts'

type Row = LedgerReport['groups'][number]
type PublishRow = Omit<LedgerReport['publishes'][number], 'topic'>

/** Figures of the lab at one moment, counted from the moment at which a run began. */
export interface LabFigures {
  /** The ledger at that moment. */
  report: LedgerReport
  /** What a condition looks at. */
  of(condition: Condition): CheckValues
  groups(): RunSample['groups']
  /** Whether nothing is unsettled. */
  isDrained(): boolean
}

/** Looks at the lab now. `begun`: what the ledger and flows said at the begin of the run. */
export function lookAt(
  lab: RunLab,
  begun: { report: LedgerReport; flows: readonly FlowFigures[] },
  times: MessageTimes,
): LabFigures {
  const { report: before } = begun
  const report = lab.report()
  const lagNow = lab.lag()
  const targets = lab.targets()
  const groups = targets.services.flatMap(({ name, kind }) => (kind === 'consumer' ? [name] : []))
  const sum = (rows: readonly Row[], group: string, pick: (row: Row) => number): number =>
    rows.reduce((total, row) => (row.group === group ? total + pick(row) : total), 0)
  const now = (group: string, pick: (row: Row) => number): number => sum(report.groups, group, pick)
  const since = (group: string, pick: (row: Row) => number): number =>
    now(group, pick) - sum(before.groups, group, pick)
  const lag = (group: string): number => Math.max(0, (lagNow.get(group) ?? 0) - now(group, (row) => row.lost))
  const publishes = ({ publishes: rows }: LedgerReport, pick: (row: PublishRow) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0)
  const published = (pick: (row: PublishRow) => number): number => publishes(report, pick) - publishes(before, pick)
  const second = lab.lastSecond()

  const byGroup: Record<string, (group: string) => number | null> = {
    'consumer.lag': lag,
    'consumer.waiting': (group) => now(group, (row) => row.waiting),
    'consumer.retrying': (group) => now(group, (row) => row.retrying),
    'consumer.delivered': (group) => since(group, (row) => row.delivered),
    'consumer.dead_lettered': (group) => since(group, (row) => row.dead_lettered),
    'consumer.rate': (group) => second?.delivered[group] ?? 0,
    'consumer.retry_rate': (group) => second?.retries[group] ?? 0,
    'delivery.latency.p50': (group) => times.delivery(group, 50),
    'delivery.latency.p95': (group) => times.delivery(group, 95),
    'delivery.latency.p99': (group) => times.delivery(group, 99),
  }
  const ofLab: Record<string, () => number | null> = {
    'publish.attempted': () => published((row) => row.attempted),
    'publish.acked': () => published((row) => row.acked),
    'publish.failed': () => published((row) => row.failed),
    'publish.indeterminate': () => publishes(report, (row) => row.indeterminate),
    'publish.recovered': () => published((row) => row.recovered),
    'publish.rate': () => second?.published ?? 0,
    'publish.latency.p50': () => times.publish(50),
    'publish.latency.p95': () => times.publish(95),
    'publish.latency.p99': () => times.publish(99),
  }

  return {
    report,
    of(condition) {
      const { metric, of } = condition
      const anomaly = anomalyOf(metric)
      if (anomaly !== undefined) return anomalyValues(anomaly, of, report, before)
      const whole = ofLab[metric]
      if (whole) return { '': whole() }
      const { per } = metricOf(metric) ?? {}
      if (per === 'service') return replicasUp(lab, of)
      if (per === 'flow') return flowValues(condition, lab.flows(), begun.flows)
      const figure = byGroup[metric]
      return figure ? Object.fromEntries((of === undefined ? groups : [of]).map((group) => [group, figure(group)])) : {}
    },
    groups: () =>
      Object.fromEntries(
        groups.map((group) => [
          group,
          {
            ...{ lag: lag(group), retrying: now(group, (row) => row.retrying) },
            ...{
              delivered: since(group, (row) => row.delivered),
              deadLettered: since(group, (row) => row.dead_lettered),
            },
            ...{ p50Ms: times.delivery(group, 50), p99Ms: times.delivery(group, 99) },
          },
        ]),
      ),
    isDrained: () => groups.every((group) => lag(group) === 0) && publishes(report, (row) => row.open) === 0,
  }
}

/** Without a group, all of them together: some anomalies are of none. */
function anomalyValues(name: string, of: string | undefined, report: LedgerReport, before: LedgerReport): CheckValues {
  const count = ({ anomalies }: LedgerReport): number => {
    const found = anomalies.find((anomaly) => anomaly.name === name)
    return (of === undefined ? found?.count : found?.groups[of]) ?? 0
  }
  return { [of ?? '']: count(report) - count(before) }
}

function replicasUp(lab: RunLab, of: string | undefined): CheckValues {
  const services = lab.services.list().filter(({ name }) => of === undefined || name === of)
  return Object.fromEntries(
    services.map(({ name, replicas }) => [name, replicas.filter(({ state }) => state === 'up').length]),
  )
}
