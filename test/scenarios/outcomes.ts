import type { RunVerdict } from '#contracts/api/run.ts'

/** One run of a scenario: a round, which has to pass, or a twin, which has to fail for its reason. */
export interface Outcome {
  scenario: string
  broker: string
  verdict: RunVerdict
  tookMs: number
  /** Of a twin: the defect, and what the verdict had to name. */
  twin?: { defect: string; reason: string }
  /** What is wrong with it; empty if it is as it has to be. */
  problems: readonly string[]
}

export const outcomeHead = ['Scenario', 'Broker', 'Pass', 'Seconds: least, median, most', 'Twin', 'Caught']

/** A line for each scenario and broker, in the order in which they ran. */
export function outcomeRows(outcomes: readonly Outcome[]): string[][] {
  const keys = [...new Set(outcomes.map(({ scenario, broker }) => `${scenario} ${broker}`))]
  return keys.map((key) => {
    const [scenario = '', broker = ''] = key.split(' ')
    const own = outcomes.filter((one) => one.scenario === scenario && one.broker === broker)
    const rounds = own.filter(({ twin }) => twin === undefined)
    const twins = own.flatMap(({ twin, problems }) => (twin ? [{ ...twin, isCaught: problems.length === 0 }] : []))
    const passed = rounds.filter(({ problems }) => problems.length === 0).length
    return [
      scenario,
      broker,
      rounds.length === 0 ? '' : `${passed} of ${rounds.length}`,
      spreadOf(rounds.map(({ tookMs }) => tookMs)),
      [...new Set(twins.map(({ defect }) => defect))].join(', '),
      twins.map(({ reason, isCaught }) => (isCaught ? reason : `NOT ${reason}`)).join(', '),
    ]
  })
}

function spreadOf(tookMs: readonly number[]): string {
  if (tookMs.length === 0) return ''
  const sorted = [...tookMs].sort((a, b) => a - b)
  const at = (index: number): string => ((sorted[index] ?? 0) / 1_000).toFixed(1)
  return [at(0), at(Math.ceil(sorted.length / 2) - 1), at(sorted.length - 1)].join(', ')
}
