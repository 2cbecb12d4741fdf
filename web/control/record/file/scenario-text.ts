import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { problemInWords } from '#contracts/yaml-document/file-problem.ts'
import type { Act } from '../act.ts'
import { recordedFaultsOf, stepsOf } from './changes.ts'
import { drainPhase, phasesOf } from './phases.ts'
import { recordedSwitchesOf } from './switches.ts'

/** What the ledger counted while it was recorded, by group. */
export interface RecordedFigures {
  acked: number
  groups: Record<string, { delivered: number; deadLettered: number; unsettled: number }>
}

export interface RecordedActs {
  name: string
  broker: BrokerName
  /** RFC 3339. */
  startedAt: string
  lengthMs: number
  acts: readonly Act[]
  figures: RecordedFigures | undefined
  /** Whether the fault of this id was seen to take effect, as far as that is known. Default: it was. */
  wasSeen?: (fault: string) => boolean
  /** What there is to say beside the acts, such as why it ended. */
  remarks: readonly string[]
}

const remarksMost = 100

/**
 * A recording as a scenario file: what was done becomes phases, faults and steps at their times, what the ledger counted becomes
 * assertions, so that a run of it says where it differed. `remarks` is what the file cannot say; its comments hold them too.
 */
export function scenarioText(recorded: RecordedActs): { text: string; remarks: string[] } {
  const { name, broker, startedAt, lengthMs, acts, figures, wasSeen = () => true } = recorded
  const found = new Set(recorded.remarks)
  const remark = (text: string): void => void found.add(text)
  const switches = recordedSwitchesOf(acts, remark)
  const phases = phasesOf(acts, { lengthMs, pausesAt: switches.map(({ at }) => at) }, remark)
  const faults = recordedFaultsOf(acts, phases, lengthMs, { remark, wasSeen })
  const steps = stepsOf(acts, { phases, switches }, remark)
  const assertions = assertionsOf(figures, remark)
  const body = [
    ...['apiVersion: faultline/v1', 'kind: Scenario'],
    `metadata: ${flow({ name, title: `Recorded ${startedAt.slice(0, 19).replace('T', ' ')} UTC on ${broker}`, tags: ['recorded'] })}`,
    ...['seed: 1', 'broker: any'],
    ...list('phases', [
      ...phases.map((phase) => ({ name: phase.name, ...phase.body })),
      { name: drainPhase, until: 'drained', timeout: '3m' },
    ]),
    ...list('faults', faults),
    ...list('steps', steps),
    'invariants: [at-least-once, conservation]',
    ...list('assertions', assertions),
  ].join('\n')
  const { problems } = readScenario(`${body}\n`)
  for (const problem of problems.slice(0, 10)) remark(`the file is not valid yet: ${problemInWords(problem)}`)
  const remarks = [...found].slice(0, remarksMost)
  const head = [
    `# Recorded on ${broker} from ${startedAt}. Faults have the seeds that they had; the lab has to be as it was then.`,
    ...(remarks.length === 0 ? [] : ['# What this file does not say:']),
    ...remarks.map((text) => `# - ${text.replaceAll(/\s+/g, ' ')}`),
  ]
  return { text: `${head.join('\n')}\n${body}\n`, remarks }
}

/** What was counted has to be counted again. A group that was not done when the recording began or ended is left out. */
function assertionsOf(figures: RecordedFigures | undefined, remark: (text: string) => void): Record<string, unknown>[] {
  if (!figures) {
    remark('what the ledger counted is not known, so nothing is compared')
    return []
  }
  return [
    { id: 'recorded-acked', metric: 'publish.acked', op: '==', value: figures.acked },
    ...Object.entries(figures.groups).flatMap(([group, { delivered, deadLettered, unsettled }]) => {
      if (unsettled > 0) {
        remark(`${group} had ${unsettled} messages unsettled when it began or ended, so its figures are not compared`)
        return []
      }
      const of = { group, op: '==' }
      return [
        { id: `recorded-delivered-${group}`, metric: 'consumer.delivered', ...of, value: delivered },
        { id: `recorded-dead-letters-${group}`, metric: 'consumer.dead_lettered', ...of, value: deadLettered },
      ]
    }),
  ]
}

/** JSON is YAML in flow style. */
const flow = (value: unknown): string => writeJson(value)

const list = (name: string, entries: readonly unknown[]): string[] =>
  entries.length === 0 ? [] : [`${name}:`, ...entries.map((entry) => `  - ${flow(entry)}`)]
