import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Run, RunItem } from '#contracts/api/run.ts'
import type { RunPlan } from '#contracts/scenario/plan.ts'
import type { ScenarioFile } from '#contracts/scenario/scenario-file.ts'
import { switchTimeoutMs } from './carry-out-step.ts'
import { auditTimeoutMs } from './run-session.ts'
import { switchBackMs } from './undo.ts'

/** Until it has ended for sure, if nothing hangs. */
export function longestRunMs({ phases, checks }: RunPlan, { steps }: Pick<ScenarioFile, 'steps'>): number {
  const longest = (pick: 'steady' | 'after'): number =>
    Math.max(0, ...checks.map((check) => (check.kind === pick && 'withinMs' in check ? check.withinMs : 0)))
  const inPhases = phases.reduce((sum, { durationMs = 0, timeoutMs = 0 }) => sum + durationMs + timeoutMs, 0)
  const switches = steps.flatMap(({ broker, timeout }) => (broker === undefined ? [] : (timeout ?? switchTimeoutMs)))
  const moves = switches.length === 0 ? 0 : switches.reduce((sum, ms) => sum + ms, switchBackMs + switchTimeoutMs)
  return longest('steady') + inPhases + longest('after') + auditTimeoutMs + moves
}

/** What the event log says of the end of a run. */
export function endEntry({ name, id, verdict = 'inconclusive', reasons }: Run): Omit<EventLogEntry, 'seq' | 'at'> {
  const level = ({ pass: 'info', inconclusive: 'warn', fail: 'error' } as const)[verdict]
  const why = reasons[0] === undefined ? '' : `: ${reasons[0]}`
  return { kind: 'lab', level, message: `the scenario ${name} ended (${id}): ${verdict}${why}` }
}

export const itemOf = ({
  id,
  name,
  state,
  seed,
  broker,
  startedAt,
  endedAt,
  elapsedMs,
  verdict,
  reasons,
}: Run): RunItem => ({
  ...{ id, name, state, seed, broker, startedAt, elapsedMs, reasons },
  ...(endedAt === undefined ? {} : { endedAt }),
  ...(verdict === undefined ? {} : { verdict }),
})

/** One of an earlier process, while it is taken back. */
export const unended = ({ verdict: _, endedAt: __, ...item }: RunItem): RunItem => ({
  ...item,
  state: 'rolling_back',
  reasons: [],
})
