/**
 * `npm run prove`: plants every defect on every broker where it can exist, provokes it, and checks that the lab names it and whom it
 * harmed, and nothing else; then runs faults without a defect, which must raise no alarm. Exit 0 only if every row holds.
 * Options: --broker NAME[,NAME] and --defect NAME[,NAME] (default: all; `--defect none` plants none), --runs N (fault runs in all,
 * default 20), --seed N (of the first, default 1).
 */
import { parseArgs } from 'node:util'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { type DefectName, defectNames, defects } from '#contracts/defects.ts'
import { defectRows } from '../test/prove/defect-rows.ts'
import { type FaultRun, runFaults } from '../test/prove/fault-runs.ts'
import { chosen, refuse, wholeNumber } from '../test/prove/options.ts'
import { type DefectResult, proveDefect } from '../test/prove/prove-defect.ts'
import { defectCells, defectHead, runCells, runHead, tableOf } from '../test/prove/table.ts'

function readOptions() {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({ options: { broker: text, defect: text, runs: text, seed: text } })
    return {
      brokers: chosen<BrokerName>('broker', values.broker, brokerName.options),
      names: values.defect === 'none' ? [] : chosen<DefectName>('defect', values.defect, defectNames),
      runs: wholeNumber('runs', values.runs ?? '20'),
      seed: wholeNumber('seed', values.seed ?? '1'),
    }
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : error}; options: --broker, --defect, --runs, --seed`)
  }
}

const { brokers, names, runs, seed } = readOptions()
// An exit ends the lab that runs; a signal alone would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const results: DefectResult[] = []
const faultRuns: FaultRun[] = []

for (const broker of brokers) {
  for (const row of defectRows) {
    const on: readonly BrokerName[] = defects[row.defect].brokers
    if (!names.includes(row.defect) || !on.includes(broker)) continue
    const result = await proveDefect(row, broker)
    results.push(result)
    say(result.problems, `${row.defect} on ${broker}`, `${result.found}, ${result.harmed} harmed`)
  }
}
// Dealt out like cards, so that each broker has faults of every kind.
for (const [turn, broker] of brokers.entries()) {
  const seeds = Array.from({ length: runs }, (_, index) => seed + index).filter(
    (_, index) => index % brokers.length === turn,
  )
  if (seeds.length === 0) continue
  await runFaults(broker, seeds, (run) => {
    faultRuns.push(run)
    say(run.problems, `seed ${run.seed} on ${broker}: ${run.fault}`, 'no alarm')
  })
}

if (results.length > 0) console.log(`\n${tableOf(defectHead, results.map(defectCells))}`)
if (faultRuns.length > 0) console.log(`\n${tableOf(runHead, faultRuns.map(runCells))}`)
const alarms = results.flatMap(({ alarmMs }) => alarmMs ?? [])
if (alarms.length > 0)
  console.log(`\nLongest time from anomaly to alarm: ${(Math.max(...alarms) / 1_000).toFixed(1)} s`)
const bad = [...results, ...faultRuns].filter(({ problems }) => problems.length > 0).length
const total = results.length + faultRuns.length
console.log(`${total - bad} of ${total} rows hold`)
process.exitCode = total > 0 && bad === 0 ? 0 : 1

function say(problems: readonly string[], what: string, how: string): void {
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${what}: ${problems.length === 0 ? how : problems.join('; ')}`)
}
