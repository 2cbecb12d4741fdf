import type { Run, RunFault, RunPhase, RunVerdict } from '../api/run.ts'
import { auditReasons } from './audit-reasons.ts'
import { resultOf } from './check-results.ts'
import type { JournalLine, LineOf, RunLine } from './journal-line.ts'

/**
 * A run as its journal records it, while it goes on and afterwards alike: the same lines give the same run and the same verdict, in the
 * control plane and offline. `elapsedMs` says how far a run that goes on is; `problem`, why the journal is not whole.
 */
export function runOf(lines: readonly JournalLine[], given: { elapsedMs?: number; problem?: string } = {}): Run {
  const [first, ...others] = lines
  if (first?.kind !== 'run') throw new TypeError('a journal begins with the line of its run')
  const read = fold(first, others)
  const end = others.findLast((line) => line.kind === 'end')
  const isOver = end !== undefined || given.problem !== undefined
  const { audit, figures } = read
  const checks = first.plan.checks.map((check) => resultOf(check, { figures, audit, isOver }))
  const last = others.at(-1)
  const base = {
    ...{ id: first.id, name: first.name, state: isOver ? ('ended' as const) : read.state, seed: first.seed },
    ...(first.title === undefined ? {} : { title: first.title }),
    ...(first.lab === undefined ? {} : { lab: first.lab }),
    ...{ broker: first.broker, version: first.versions.faultline, startedAt: first.startedAt },
    ...(end ? { endedAt: end.at } : isOver ? {} : { endsBy: first.endsBy }),
    elapsedMs: isOver ? (last?.t ?? 0) : (given.elapsedMs ?? last?.t ?? 0),
    ...{ phases: read.phases, faults: read.faults, checks, steps: read.steps, notes: read.notes },
    ...(read.sample ? { sample: read.sample } : {}),
    ...(read.digest === undefined ? {} : { eventsDigest: read.digest }),
  }
  if (!isOver) return { ...base, reasons: [] }
  return {
    ...base,
    ...verdictOf({
      ...{ plan: first.plan.checks, checks, phases: read.phases, faults: read.faults, steps: read.steps },
      ...{ cut: read.cut, sample: read.sample, audit, problem: given.problem },
    }),
  }
}

interface Read {
  state: Run['state']
  phases: RunPhase[]
  faults: RunFault[]
  figures: Map<string, LineOf<'check'>[]>
  steps: Run['steps']
  notes: string[]
  audit: LineOf<'audit'> | undefined
  sample: Run['sample']
  digest: string | undefined
  cut: LineOf<'cut'> | undefined
}

function fold({ plan }: RunLine, lines: readonly JournalLine[]): Read {
  const phases = new Map(plan.phases.map((phase) => [phase.name, { ...phase }]))
  const faults = new Map(plan.faults.map((fault) => [fault.id, fault]))
  const read: Read = {
    ...{ state: 'starting', phases: [], faults: [], figures: new Map(), steps: [], notes: [] },
    ...{ audit: undefined, sample: undefined, digest: undefined, cut: undefined },
  }
  for (const line of lines) {
    if (line.kind === 'state') read.state = line.state
    else if (line.kind === 'phase') {
      const phase = phases.get(line.name)
      if (!phase) continue
      if (line.edge === 'begin') phase.beganAt = line.t
      else phase.endedAt = line.t
      if (line.detail !== undefined) phase.detail = line.detail
    } else if (line.kind === 'fault') {
      const { kind: _kind, t: _t, ...now } = line
      const before = faults.get(line.id)
      if (before) {
        // What it waited for is no news of a fault that waits no more.
        const { reason: _, ...rest } = before
        faults.set(line.id, { ...rest, ...now })
      }
    } else if (line.kind === 'check') {
      const before = read.figures.get(line.id)
      if (before) before.push(line)
      else read.figures.set(line.id, [line])
    } else if (line.kind === 'step')
      read.steps.push({ id: line.id, at: line.t, detail: line.detail, failed: line.failed })
    else if (line.kind === 'sample') {
      const { kind: _kind, ...sample } = line
      read.sample = sample
    } else if (line.kind === 'audit') read.audit = line
    else if (line.kind === 'events') read.digest = line.digest
    else if (line.kind === 'cut') read.cut ??= line
    else if (line.kind === 'note') read.notes.push(line.text)
  }
  return { ...read, phases: [...phases.values()], faults: [...faults.values()] }
}

/**
 * `fail` where a check or the audit failed or an abort condition came true; `inconclusive` where anything else is not as planned, or where
 * no audit looked.
 */
function verdictOf(given: {
  plan: RunLine['plan']['checks']
  checks: Run['checks']
  phases: Run['phases']
  faults: Run['faults']
  steps: Run['steps']
  cut: LineOf<'cut'> | undefined
  sample: Run['sample']
  audit: LineOf<'audit'> | undefined
  problem: string | undefined
}): { verdict: RunVerdict; reasons: string[] } {
  const { plan, checks, phases, faults, steps, cut, sample, audit, problem } = given
  const audited = audit && auditReasons(audit, plan, checks)
  const isAuditMissed = !audit && !cut && problem === undefined && !plan.some(({ kind }) => kind === 'invariant')
  const steady = checks.filter(({ kind }) => kind === 'steady')
  const failed = checks.filter(({ kind, result }) => kind !== 'steady' && result === 'fail')
  const failures = [
    ...failed.map(
      ({ id, title, detail = '', kind }) => `${kind === 'abort' ? `aborted by ${id}` : id}: ${title}: ${detail}`,
    ),
    ...(audited?.failures ?? []),
  ]
  const doubts = [
    ...(problem === undefined ? [] : [`the journal is not whole: ${problem}`]),
    ...(cut && cut.why !== 'aborted' ? [cut.reason] : []),
    ...steady.flatMap(({ id, title, result, detail = '' }) =>
      result === 'fail' ? [`the lab was not in its steady state: ${id}: ${title}: ${detail}`] : [],
    ),
    ...faults.flatMap(({ id, type, state, observedAt, reason }) => {
      if (observedAt !== undefined) return []
      const why = reason === undefined ? '' : `: ${reason}`
      if (state === 'planned') return [`${id} (${type}) was never injected${why}`]
      return [
        state === 'failed'
          ? `${id} (${type}) could not be injected${why}`
          : `${id} (${type}) was never seen to take effect${why}`,
      ]
    }),
    // Only a phase that waits for a drained lab has something to say at its end.
    ...phases.flatMap(({ name, detail }) => (detail === undefined ? [] : [`the phase ${name}: ${detail}`])),
    ...steps.flatMap(({ id, detail, failed: isFailed }) => (isFailed ? [`step ${id} failed: ${detail}`] : [])),
    ...(sample && sample.refused > 0 ? [`${sample.refused} messages were not taken by the producer`] : []),
    ...checks.flatMap(({ id, kind, result, detail = '' }) =>
      result === 'inconclusive' && kind !== 'abort' ? [`${id} was not decided: ${detail}`] : [],
    ),
    ...(audited?.doubts ?? []),
    ...(isAuditMissed ? ['the audit at the end did not take place'] : []),
  ]
  if (failures.length > 0) return { verdict: 'fail', reasons: [...failures, ...doubts] }
  return doubts.length > 0 ? { verdict: 'inconclusive', reasons: doubts } : { verdict: 'pass', reasons: [] }
}
