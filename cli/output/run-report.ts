import type { CheckResult, Run, RunFault } from '#contracts/api/run.ts'
import { narrationLines } from '#contracts/narration/clause-in-words.ts'
import { durationInWords } from '#contracts/scenario/values.ts'
import { faultStory, faultTargetWords } from '#contracts/scenario-run/fault-story.ts'
import { valuesInWords } from '#contracts/scenario-run/holds.ts'
import { columns } from './columns.ts'

/** One sign a result: in plain text nothing is shown by colour alone. */
export const signOf: Record<CheckResult['result'], string> = { pass: '✓', fail: '✗', inconclusive: '?', pending: '·' }

/** A run as text, a section each for phases, faults, steps and checks. */
export function runReport(run: Run): string[] {
  const { name, seed, broker, id, verdict, elapsedMs, reasons, notes, steps, sample, narration = [] } = run
  const length = durationInWords(elapsedMs)
  return [
    `${name}  seed ${seed}  broker ${broker}  ${id}`,
    ...(verdict === undefined ? [`${run.state}, ${length}`] : [`${verdict} after ${length}`]),
    ...section('Phases', columns(run.phases.map((phase) => [`  ${phase.name}`, ...phaseCells(phase)]))),
    ...section(
      'Faults',
      columns(
        run.faults.map((fault) => [
          `  ${faultSign(fault)} ${fault.id}`,
          `${fault.type} on ${faultTargetWords(fault)}`,
          faultStory(fault),
        ]),
      ),
    ),
    ...section(
      'Steps',
      columns(steps.map((step) => [`  ${step.failed ? '✗' : '✓'} ${step.id}`, at(step.at), step.detail])),
    ),
    ...section(
      'Checks',
      columns(run.checks.map((check) => [`  ${signOf[check.result]} ${check.id}`, check.title, found(check)])),
    ),
    ...(sample ? section('Messages', columns(messageRows(sample))) : []),
    // While a run goes on, its sentences would move with every look.
    ...section('What happened', verdict === undefined ? [] : narrationLines(narration).map((line) => `  ${line}`)),
    ...section(
      'Why',
      reasons.map((reason) => `  ${reason}`),
    ),
    ...section(
      'Notes',
      notes.map((note) => `  ${note}`),
    ),
  ]
}

const section = (title: string, lines: string[]): string[] => (lines.length === 0 ? [] : ['', title, ...lines])

const at = (ms: number): string => `${(ms / 1_000).toFixed(1)}s`

function phaseCells({ beganAt, endedAt, arrivals, detail, durationMs, until }: Run['phases'][number]): string[] {
  const sends = arrivals === 0 ? 'sends nothing' : `${arrivals} messages`
  const waits = until === 'observed' ? 'until observed' : 'until drained'
  const planned = durationMs === undefined ? waits : [durationInWords(durationMs), ...(until ? [waits] : [])].join(', ')
  const took = beganAt === undefined ? 'not begun' : `${at(beganAt)} to ${endedAt === undefined ? '…' : at(endedAt)}`
  return [planned, sends, took, detail ?? '']
}

const faultSign = ({ state, observedAt }: RunFault): string =>
  observedAt !== undefined ? (state === 'healed' ? '✓' : '!') : state === 'planned' ? '·' : '?'

const found = ({ detail, values, result }: CheckResult): string =>
  detail ?? (result === 'pending' && Object.keys(values).length === 0 ? '' : valuesInWords(values))

function messageRows({ due, acked, failed, indeterminate, refused, groups }: NonNullable<Run['sample']>): string[][] {
  const others = Object.entries({ failed, indeterminate, refused }).flatMap(([word, count]) =>
    count > 0 ? [`${count} ${word}`] : [],
  )
  return [
    ['  published', `${acked} of ${due} acknowledged`, others.join(', ')],
    ...Object.entries(groups).map(([group, { delivered, retrying, lag, deadLettered, p50Ms, p99Ms }]) => [
      `  ${group}`,
      `${delivered} delivered, ${lag} unsettled, ${retrying} retrying, ${deadLettered} dead letters`,
      p99Ms === null ? '' : `p50 ${durationInWords(p50Ms ?? 0)}, p99 ${durationInWords(p99Ms)}`,
    ]),
  ]
}
