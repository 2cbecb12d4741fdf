import { auditReport, type Disagreement } from '#contracts/api/audit.ts'
import { ledgerReport } from '#contracts/api/ledger.ts'
import { until } from '../../test/until.ts'
import type { Mark, Witness } from '../witness.ts'

export interface Losses {
  /** Acknowledged, or found downstream though no answer had come. */
  accepted: number
  /** Nobody knows: the acknowledgement was lost and no copy was seen. */
  indeterminate: number
  rows: number
  mails: number
  duplicateMails: number
  deadLettered: number
  verdict: string
  /** What the audit's witnesses differ in, and of how many messages. */
  disagreements: Record<string, number>
  problems: string[]
}

/** An audit has no time to compare the contents of every effect of hours; PostgreSQL still counts them all. */
const tooMany = 'content_not_compared'
const settleWithinMs = 600_000

/** A kind has a disagreement of its own for each group and each of its reasons. */
export function countsByKind(disagreements: readonly Pick<Disagreement, 'kind' | 'count'>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind, count } of disagreements) counts[kind] = (counts[kind] ?? 0) + count
  return counts
}

/**
 * Waits until nothing is under way, lets the lab audit itself, and counts the effects in PostgreSQL beside it. Each accepted message owes
 * one row and one mail; a dead letter is kept, not lost, and owes neither.
 */
export async function lossesOf(url: string, witness: Witness, mark: Mark): Promise<Losses> {
  const report = async () => ledgerReport.parse(await (await fetch(`${url}/api/ledger`)).json())
  const settled = await until(
    'a ledger in which nothing is under way',
    async () => {
      const now = await report()
      const open = now.publishes.reduce((sum, one) => sum + one.open, 0)
      const owed = now.groups.reduce((sum, one) => sum + one.waiting + one.handling + one.retrying, 0)
      return open + owed === 0 ? now : undefined
    },
    settleWithinMs,
  )
  const asked = await fetch(`${url}/api/ledger/audit`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ timeoutMs: 300_000 }),
  })
  const audit = auditReport.parse(await asked.json())
  const sum = (figure: (one: (typeof settled.publishes)[number]) => number): number =>
    settled.publishes.reduce((all, one) => all + figure(one), 0)
  const [accepted, indeterminate] = [sum((one) => one.acked + one.recovered), sum((one) => one.indeterminate)]
  const ofGroup = (group: string, figure: 'dead_lettered' | 'lost'): number =>
    settled.groups.filter((one) => one.group === group).reduce((all, one) => all + one[figure], 0)
  const { rows, mails } = await witness.effectsSince(mark)
  const problems = [
    ...(audit.drained ? [] : ['the audit found the lab still under way']),
    ...(audit.verdict.result === 'fail' ? audit.verdict.reasons : []),
    ...audit.disagreements
      .filter(({ kind, weight }) => weight === 'doubt' && kind !== tooMany)
      .map(({ detail }) => `the audit leaves open: ${detail}`),
    ...[
      { what: 'rows', found: rows, group: 'consumer-db' },
      { what: 'mails', found: mails, group: 'consumer-email' },
    ].flatMap(({ what, found, group }) => {
      const owed = accepted - ofGroup(group, 'dead_lettered')
      return found < owed ? [`${owed - found} ${what} are missing of ${owed}`] : []
    }),
    ...settled.groups.filter(({ lost }) => lost > 0).map(({ group, lost }) => `${lost} messages of ${group} are lost`),
  ]
  return {
    ...{ accepted, indeterminate, rows, mails, problems },
    duplicateMails: await witness.duplicatesSince(mark),
    deadLettered: settled.groups.reduce((all, one) => all + one.dead_lettered, 0),
    verdict: audit.verdict.result,
    disagreements: countsByKind(audit.disagreements),
  }
}
