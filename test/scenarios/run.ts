/**
 * `npm run scenarios -- --rounds 20 --broker local,redis,kafka --twins`: runs every shipped scenario so many times on each broker, in one lab
 * after the other, and then the twin of each in a lab of its own with the defect planted. Exit 0 only if every round passes and every twin
 * fails for its reason. The twins are in `twins.ts`.
 * Options: --rounds N (default 1; 0: none), --broker NAME[,NAME] and --scenario NAME[,NAME] (default: all), --twins, --journals FOLDER (keeps
 * the journal of each run).
 */
import { parseArgs } from 'node:util'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { chosen, refuse, wholeNumber } from '../prove/options.ts'
import { tableOf } from '../prove/table.ts'
import { type Outcome, outcomeHead, outcomeRows } from './outcomes.ts'
import { type Round, runRounds, runTwin } from './rounds.ts'
import { shippedScenarios } from './shipped.ts'
import { twins } from './twins.ts'

function readOptions() {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      options: { rounds: text, broker: text, scenario: text, journals: text, twins: { type: 'boolean' } },
    })
    const { rounds = '1', twins: areTwinsRun = false, journals } = values
    const all = shippedScenarios()
    const names = chosen(
      'scenario',
      values.scenario,
      all.map(({ name }) => name),
    )
    return {
      ...{ rounds: wholeNumber('rounds', rounds), areTwinsRun, journals },
      brokers: chosen<BrokerName>('broker', values.broker, brokerName.options),
      scenarios: all.filter(({ name }) => names.includes(name)),
    }
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message : error}; options: --rounds, --broker, --scenario, --twins, --journals`,
    )
  }
}

const { rounds, areTwinsRun, journals, brokers, scenarios } = readOptions()
// An exit ends the lab that runs; a signal alone would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const outcomes: Outcome[] = []

function tell(outcome: Outcome): void {
  outcomes.push(outcome)
  const { scenario, broker, twin, verdict, tookMs, problems } = outcome
  const what = twin ? `twin of ${scenario} on ${broker} (${twin.defect})` : `${scenario} on ${broker}`
  const how = twin && problems.length === 0 ? `${verdict}, ${twin.reason}` : verdict
  const why = problems.length === 0 ? '' : `: ${problems.join('; ')}`
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${what}: ${how} after ${(tookMs / 1_000).toFixed(1)} s${why}`)
}

for (const broker of brokers) {
  const here = scenarios.filter((one) => one.brokers.includes(broker))
  const labs = [...new Set(here.map(({ lab }) => lab))]
  for (const lab of rounds === 0 ? [] : labs) {
    const round: Round = { broker, lab, names: here.flatMap((one) => (one.lab === lab ? [one.name] : [])) }
    await runRounds(round, { rounds, journals, tell })
  }
  for (const { name, lab } of areTwinsRun ? here : []) {
    const twin = twins.find(({ scenario }) => scenario === name)
    if (!twin) throw new Error(`${name} has no twin`)
    tell(await runTwin(twin, { broker, lab, journals }))
  }
}

console.log(`\n${tableOf(outcomeHead, outcomeRows(outcomes))}`)
const bad = outcomes.filter(({ problems }) => problems.length > 0).length
console.log(`${outcomes.length - bad} of ${outcomes.length} runs are as they have to be`)
process.exitCode = outcomes.length > 0 && bad === 0 ? 0 : 1
