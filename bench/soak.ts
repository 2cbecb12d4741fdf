/**
 * `npm run soak [-- --hours 1 --rate 20 --turn-seconds 60 --sample-seconds 5 --broker local]`: a lab of its own, messages at a bounded
 * rate, and kills, cuts and delays in turn. At the end a table of memory, descriptors and disk with the line through each, and what became
 * of every message by the ledger, its audit and PostgreSQL. Exit 1 on a leak, a lost message or a process that was left behind, and where
 * a process was not watched long enough to say so.
 */
import { parseArgs } from 'node:util'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { childPids } from '../test/child-pids.ts'
import { startLab } from '../test/lab.ts'
import { environmentOf } from '../test/lab-client.ts'
import { until } from '../test/until.ts'
import { judgeDisk, judgeProcesses, type SoakRow, unwatched } from './soak/judge.ts'
import { lossesOf } from './soak/losses.ts'
import { createSampler } from './soak/sampler.ts'
import { faultsInTurn, oneTurn } from './soak/turns.ts'
import { openWitness } from './witness.ts'

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1' },
    rate: { type: 'string', default: '20' },
    'turn-seconds': { type: 'string', default: '60' },
    'sample-seconds': { type: 'string', default: '5' },
    broker: { type: 'string', default: 'local' },
  },
})

function positive(option: string, given: string): number {
  const number = Number(given)
  if (number > 0 && Number.isFinite(number)) return number
  console.error(`--${option} ${given} is not valid: give a number above 0`)
  return process.exit(2)
}

const hours = positive('hours', values.hours)
const ratePerSecond = positive('rate', values.rate)
const turnMs = positive('turn-seconds', values['turn-seconds']) * 1_000
const sampleMs = positive('sample-seconds', values['sample-seconds']) * 1_000

const rounded = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0))

function lineOf({ what, trend, problem }: SoakRow): string {
  const cells =
    trend === undefined
      ? ['not watched long enough']
      : [
          `${rounded(trend.from)} → ${rounded(trend.to)}`,
          `${rounded(trend.slopePerHour)} an hour`,
          `${rounded(trend.watchedMs / 60_000)} min`,
          problem === undefined ? '' : 'LEAK',
        ]
  return `| ${[what, ...cells].join(' | ')} |`
}

// An exit ends the lab that runs; a signal alone would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const lab = await startLab({ BROKER: brokerName.parse(values.broker) })
const witness = openWitness(environmentOf(childPids(lab.dataDir).web ?? 0).DATABASE_URL ?? '')
const mark = await witness.mark()
const sampler = createSampler(lab)
const load = { startedAt: Date.now(), ratePerSecond }
const problems: string[] = []

let sampling = Promise.resolve()
const timer = setInterval(() => {
  // One after the other, however long the lab takes to answer.
  sampling = sampling
    .then(() => sampler.sample())
    .catch((error: unknown) => void problems.push(`a reading failed: ${error}`))
}, sampleMs)

const noted = (error: unknown): void => void problems.push(error instanceof Error ? error.message : String(error))
const injected = new Map<string, number>()
const end = load.startedAt + hours * 3_600_000
try {
  for (let turn = 0; Date.now() < end; turn += 1) {
    const fault = faultsInTurn[turn % faultsInTurn.length]
    if (fault === undefined) break
    await oneTurn(lab.url, { fault, ratePerSecond, turnMs: Math.min(turnMs, Math.max(20_000, end - Date.now())) })
    injected.set(fault.type, (injected.get(fault.type) ?? 0) + 1)
    console.log(`${new Date().toISOString()} turn ${turn + 1}: ${fault.type} ${JSON.stringify(fault.target)}`)
  }
} catch (error) {
  noted(error)
}
clearInterval(timer)
await sampling
const rows = [...judgeProcesses(sampler.lives(), load), ...judgeDisk(sampler.disk(), load)]
console.log('| What | From → to | Slope | Watched | |\n|---|---|---|---|---|')
for (const row of rows) console.log(lineOf(row))
problems.push(...rows.flatMap(({ problem }) => problem ?? []), ...unwatched(sampler.lives()))
try {
  const { problems: lost, ...figures } = await lossesOf(lab.url, witness, mark)
  console.log(JSON.stringify({ faults: Object.fromEntries(injected), ...figures }))
  problems.push(...lost)
} catch (error) {
  noted(error)
}
await witness.close().catch(() => undefined)
await sampler.sample().catch(() => undefined)
const code = await lab.stop()
if (code !== 0) problems.push(`the lab ended with ${code}`)
// A process that was asked to end may outlive the one that asked by a moment.
await until('the end of all processes', async () => sampler.alive().length === 0, 10_000).catch(() => {
  problems.push(`processes left behind: ${sampler.alive().join(', ')}`)
})
for (const problem of problems) console.error(`✗ ${problem}`)
console.log(problems.length === 0 ? 'no leak, no lost message, no process left behind' : `${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)
