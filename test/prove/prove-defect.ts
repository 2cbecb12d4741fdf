import type { LedgerReport } from '#contracts/api/ledger.ts'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { Harm } from '#contracts/defects.ts'
import { until } from '../until.ts'
import { beyond, type Expectation, idsOf, isMet, saidBy } from './expectation.ts'
import { type Audit, type ProveLab, startProveLab } from './prove-lab.ts'
import type { DefectRow } from './rows/defect-row.ts'
import { type LedgerWatch, watchLedger } from './watch-ledger.ts'

/** A row of the table. It holds where every expectation is met and nothing else is said. */
export interface DefectResult {
  defect: string
  broker: BrokerName
  fault: string
  expected: string
  found: string
  harmed: number
  /** Whether everything expected is said of exactly those who were harmed. */
  idsRight: boolean
  /** Milliseconds from the harm to the word of it, of the message that waited longest; null if an audit had to be asked. */
  alarmMs: number | null
  /** What is wrong with it; empty if the row holds. */
  problems: string[]
}

const alarmWithinMs = 60_000
/** What a broker does that promises no order. */
const unordered = ['reordered_delivery']

/** Plants the defect in a lab of its own, provokes it, and compares what the lab reports with what the defect must cause. */
export async function proveDefect(row: DefectRow, broker: BrokerName, withinMs = alarmWithinMs): Promise<DefectResult> {
  const { defect, fault, expected } = row
  const base = { defect, broker, fault, expected: expected.map(({ name }) => name).join(', ') }
  const lab = await startProveLab(broker, { defect, file: row.lab })
  const watch = watchLedger(lab.ledger)
  try {
    const doneAt = await row.provoke(lab)
    await alarm(lab, watch, expected, withinMs)
    const report = await settled(lab)
    const audit = expected.some(({ by }) => by === 'audit') ? await lab.audit() : undefined
    const harms = lab.harms()
    const result = { ...base, ...judged(row, broker, { harms, report, audit, watch, doneAt }) }
    if (result.problems.length > 0) result.problems.push(...(await evidence(lab, report, harms)))
    return result
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    const report = await lab.ledger().catch(() => undefined)
    return {
      ...base,
      found: '',
      harmed: idsOf(lab.harms(), {}).size,
      idsRight: false,
      alarmMs: null,
      problems: [problem, ...(report ? await evidence(lab, report, lab.harms()) : [])],
    }
  } finally {
    await watch.stop()
    await lab.stop()
  }
}

/** Journeys of one message of each anomaly, and the harm: the lab is gone when somebody reads it. */
async function evidence(lab: ProveLab, { anomalies, groups }: LedgerReport, harms: readonly Harm[]): Promise<string[]> {
  const last = harms.slice(-1).map(({ id }) => id)
  const ids = new Set([...anomalies.flatMap(({ samples }) => samples.slice(0, 1)), ...last])
  const journeys = await Promise.all([...ids].map((id) => lab.journey(id).catch((error: unknown) => String(error))))
  return [JSON.stringify({ harms, groups, journeys })]
}

/** Waits until the ledger says what it must by itself. Where it never does, the row says what it said instead. */
async function alarm(
  lab: ProveLab,
  watch: LedgerWatch,
  expected: readonly Expectation[],
  withinMs: number,
): Promise<void> {
  const own = expected.filter(({ by }) => by === 'ledger')
  await until(
    'the alarm',
    async () => {
      const said = saidBy(await lab.ledger())
      const harms = lab.harms()
      return own.every((one) => {
        // Also by the watch, which knows when.
        return isMet(said, harms, one) && [...idsOf(harms, one)].every((id) => watch.firstSaid(one.name, id))
      })
    },
    withinMs,
  ).catch(() => undefined)
}

/** The ledger once no suspicion waits any more. */
function settled(lab: ProveLab): Promise<LedgerReport> {
  return until('a ledger without suspicions', async () => {
    const report = await lab.ledger()
    return report.pending === 0 ? report : undefined
  })
}

function judged(
  { expected, byFault = [], follows = [], verdict: wanted }: DefectRow,
  broker: BrokerName,
  seen: {
    harms: Harm[]
    report: LedgerReport
    audit: Audit | undefined
    watch: LedgerWatch
    doneAt: number | undefined
  },
): Pick<DefectResult, 'found' | 'harmed' | 'idsRight' | 'alarmMs' | 'problems'> {
  const { harms, report, audit, watch, doneAt } = seen
  const said = saidBy(report, audit)
  const problems = expected.flatMap((one): string[] => {
    if (one.by === 'audit' && audit === undefined) return [`${one.name} needs the audit, and this lab has none`]
    if (isMet(said, harms, one)) return []
    const ids = [...(said.get(one.name)?.ids ?? [])].join(' ') || 'nobody'
    return [`${one.name} is said of ${ids}, not of ${[...idsOf(harms, one)].join(' ') || 'anybody: nobody was harmed'}`]
  })
  const others = beyond(said, expected, brokerOf(broker).partitioned ? byFault : [...byFault, ...unordered])
  for (const { name, ids, groups } of others.filter((other) => !follows.includes(other.name)))
    problems.push(`${name} is said of ${ids.join(' ')} in ${groups.join(' ')}`)
  const { result, reasons } = (audit ?? report).verdict
  if (result !== wanted) problems.push(`the verdict is ${result} (${reasons.join('; ')}), not ${wanted}`)
  return {
    found: [...said.keys()].join(', '),
    harmed: idsOf(harms, {}).size,
    idsRight: expected.every((one) => isMet(said, harms, one)),
    alarmMs: alarmOf(expected, harms, watch, doneAt),
    problems,
  }
}

function alarmOf(
  expected: readonly Expectation[],
  harms: readonly Harm[],
  watch: LedgerWatch,
  doneAt = 0,
): number | null {
  const waits = expected.flatMap((one) =>
    [...idsOf(harms, one)].flatMap((id) => {
      const saidAt = watch.firstSaid(one.name, id)
      const harmedAt = harms.find((line) => line.id === id && line.what === 'harmed')?.at
      if (saidAt === undefined || harmedAt === undefined) return []
      // One that a kill made of it is wrong from the kill on.
      return [Math.max(0, saidAt - (one.whom === 'not mended' ? Math.max(harmedAt, doneAt) : harmedAt))]
    }),
  )
  return waits.length === 0 ? null : Math.max(...waits)
}
