import type { Run } from '#contracts/api/run.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Outcome } from './outcomes.ts'
import { type ScenarioLab, startScenarioLab } from './scenario-lab.ts'
import { isNamed, reasonOf, type Twin } from './twins.ts'

/** Scenarios that one lab can take. */
export interface Round {
  broker: BrokerName
  lab: string | undefined
  names: readonly string[]
}

/** Runs the scenarios so many times, one after the other, in one lab. */
export async function runRounds(
  { broker, lab: name, names }: Round,
  options: { rounds: number; journals: string | undefined; tell: (outcome: Outcome) => void },
): Promise<void> {
  const { journals, tell } = options
  const lab = await startScenarioLab({ broker, lab: name }).catch(inWords)
  if (typeof lab === 'string') {
    for (const scenario of names) tell(notStarted({ scenario, broker }, lab))
    return
  }
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      for (const scenario of names) {
        const run = await tried(lab, scenario)
        const problems = run.verdict === 'pass' ? [] : [...run.reasons]
        tell(await outcomeOf(lab, run, { scenario, broker, problems, journals }))
      }
    }
  } finally {
    await lab.stop()
  }
}

/** Runs a scenario in a lab of its own that has the twin's defect. */
export async function runTwin(
  twin: Twin,
  options: { broker: BrokerName; lab: string | undefined; journals: string | undefined },
): Promise<Outcome> {
  const { scenario, service } = twin
  const { broker, journals } = options
  const defect = service === undefined ? twin.defect : `${twin.defect}@${service}`
  const reason = reasonOf(twin)
  const lab = await startScenarioLab({ broker, lab: options.lab, defect }).catch(inWords)
  if (typeof lab === 'string') return { ...notStarted({ scenario, broker }, lab), twin: { defect, reason } }
  try {
    const run = await tried(lab, scenario)
    const isCaught = run.verdict === 'fail' && isNamed(twin, run.reasons)
    const problems = isCaught ? [] : [`${reason} is not named: ${run.reasons.join('; ') || 'no reason'}`]
    return { ...(await outcomeOf(lab, run, { scenario, broker, problems, journals })), twin: { defect, reason } }
  } finally {
    await lab.stop()
  }
}

type Tried = Pick<Run, 'reasons' | 'elapsedMs'> & { verdict: NonNullable<Run['verdict']>; run?: Run }

/** A run that the lab refuses, or that does not end, leaves everything open. */
async function tried(lab: ScenarioLab, scenario: string): Promise<Tried> {
  const begunAt = Date.now()
  try {
    const run = await lab.run(scenario)
    return { verdict: run.verdict ?? 'inconclusive', reasons: run.reasons, elapsedMs: run.elapsedMs, run }
  } catch (error) {
    return { verdict: 'inconclusive', reasons: [inWords(error)], elapsedMs: Date.now() - begunAt }
  }
}

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A lab that does not start leaves its scenarios open, and the others go on. */
const notStarted = (of: Pick<Outcome, 'scenario' | 'broker'>, problem: string): Outcome => ({
  ...of,
  ...{ verdict: 'inconclusive', tookMs: 0, problems: [problem] },
})

async function outcomeOf(
  lab: ScenarioLab,
  { verdict, elapsedMs, run }: Tried,
  given: { scenario: string; broker: string; problems: string[]; journals: string | undefined },
): Promise<Outcome> {
  const { scenario, broker, journals } = given
  const kept = run === undefined || journals === undefined ? undefined : await lab.keepJournal(run, journals)
  const problems = kept !== undefined && given.problems.length > 0 ? [...given.problems, kept] : given.problems
  return { scenario, broker, verdict, tookMs: elapsedMs, problems }
}
