import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditReport, Undrained } from '#contracts/api/audit.ts'
import type { BrokerLog, BrokerSnapshot } from '#workers/broker/broker.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { ApiProblem } from '../problem/problem.ts'
import { activityOf } from './activity.ts'
import { auditVerdict } from './audit-verdict.ts'
import { compareBacklog, type ReadQueue } from './backlog.ts'
import { type CheckedEffects, checkEffects } from './check-effects.ts'
import { compareEffects } from './compare-effects.ts'
import type { CompareContents, ComparedContents } from './contents/compare-contents.ts'
import { compareLetters, compareLog } from './contents/compare-copies.ts'
import { ContentVerdicts } from './contents/content-verdicts.ts'
import type { EffectLookup } from './effect-lookup.ts'
import { Findings } from './findings.ts'
import { countResolved, decideLeftovers } from './leftovers.ts'
import { compareDeadLetters, type ReadLetters, readLetters } from './letters/compare-dead-letters.ts'
import type { Discards } from './letters/discards.ts'
import { openObligations } from './open-messages.ts'
import { type EffectSources, readEffects } from './read-effects.ts'
import type { SeenEffects } from './seen-effects.ts'
import { type Quiet, type QuietSources, waitUntilQuiet } from './wait-until-quiet.ts'

const enteredAtOnce = 1_000
const lookEveryMs = 100

export interface AuditSources extends Omit<QuietSources, 'now'>, EffectSources {
  deadLetters(): DeadLetters
  /** What somebody discarded on purpose. */
  discards: Discards
  /** What the broker keeps after it was read; undefined if it keeps nothing. */
  log(): BrokerLog | undefined
  /** Looks into queues of a broker that keeps nothing. Absent: nobody can. */
  readQueue?: ReadQueue
  /** Compares effects with events. Rejects if the store does not answer. */
  compareContents: CompareContents
  /** Looks for effects of services that are not the lab's own; absent: nobody does. */
  lookup?: EffectLookup
  /** Why an audit cannot start now; undefined if it can. */
  refusal?: () => string | undefined
  now?: () => number
}

export interface Audit {
  /**
   * Waits up to `timeoutMs` until nothing is under way, settles what only a drained lab can (publishes that never arrived,
   * messages that nobody has any more), and compares telemetry, broker and effect store message by message. It never passes
   * where it could not look. Throws `audit_running` and `switch_running`; `shutting_down` if web ends or the caller goes away.
   */
  run(timeoutMs: number, gone?: AbortSignal): Promise<AuditReport>
  /** Cancels the running audit. */
  close(): Promise<void>
}

/** IDLE → WAITING until the lab is quiet → READING the witnesses → IDLE, or WAITING again where something was reported meanwhile. */
export function createAudit(sources: AuditSources): Audit {
  const { now = Date.now } = sources
  const ending = new AbortController()
  let running: Promise<AuditReport> | undefined

  return {
    async run(timeoutMs, gone) {
      if (running) throw new ApiProblem('audit_running', 'an audit runs already; ask again when it has answered')
      const refusal = sources.refusal?.()
      if (refusal !== undefined) throw new ApiProblem('switch_running', refusal)
      const signal = gone ? AbortSignal.any([ending.signal, gone]) : ending.signal
      running = audit({ ...sources, now }, timeoutMs, signal).finally(() => {
        running = undefined
      })
      try {
        return await running
      } catch (error) {
        if (signal.aborted) throw new ApiProblem('shutting_down', 'the audit was given up before it had an answer')
        throw error
      }
    },
    async close() {
      ending.abort()
      await running?.catch(() => undefined)
    },
  }
}

type Sources = AuditSources & { now(): number }

/** What the witnesses say while nothing moved. */
interface Testimony {
  quiet: Quiet
  seen: Map<string, SeenEffects>
  letters: ReadLetters
  findings: Findings
  contents: ComparedContents
  checked: CheckedEffects[]
}

async function audit(sources: Sources, timeoutMs: number, signal: AbortSignal): Promise<AuditReport> {
  const began = sources.now()
  const deadline = began + timeoutMs
  for (let disturbed: Undrained | undefined; ; ) {
    const waited = await waitUntilQuiet(sources, deadline, signal)
    if ('left' in waited) {
      const left = [...(disturbed ? [disturbed] : []), ...waited.left]
      return reportOf(sources, began, { left, ...(await lookAtBacklog(sources, waited.snapshot, signal)) })
    }
    const testimony = await hear(sources, waited.quiet, signal)
    disturbed = await whatMoved(sources, waited.quiet, Math.max(deadline, sources.now() + 2_000), signal)
    if (!disturbed) return reportOf(sources, began, { testimony })
    if (sources.now() >= deadline) {
      return reportOf(sources, began, {
        left: [disturbed],
        ...(await lookAtBacklog(sources, waited.quiet.snapshot, signal)),
      })
    }
  }
}

interface Unfinished {
  left: Undrained[]
  snapshot: BrokerSnapshot | undefined
  findings: Findings
}

/** What can be said of a lab that did not come to rest: what is in its queues. */
async function lookAtBacklog(
  sources: Sources,
  snapshot: BrokerSnapshot | undefined,
  signal: AbortSignal,
): Promise<Omit<Unfinished, 'left'>> {
  const findings = new Findings()
  const verdicts = new ContentVerdicts(findings, sources.now)
  if (snapshot) {
    const decided = await compareBacklog(sources, { books: sources.books, verdicts }, snapshot, findings, signal)
    enter(sources.books, [...decided, ...verdicts.decided])
  }
  return { snapshot, findings }
}

async function hear(sources: Sources, quiet: Quiet, signal: AbortSignal): Promise<Testimony> {
  const { ledger } = sources.books.context
  const findings = new Findings()
  const seen = await readEffects(sources, ledger, findings)
  signal.throwIfAborted()
  const { lookup, books } = sources
  const { traces } = books.context
  const checked = lookup ? await checkEffects({ consumers: sources.consumers(), lookup, traces }, findings, signal) : []
  const contents = await sources.compareContents(findings, new Set(seen.keys()), signal)
  signal.throwIfAborted()
  const letters = await readLetters(
    ledger,
    quiet.broker,
    quiet.snapshot.queues,
    sources.deadLetters(),
    sources.discards,
  )
  signal.throwIfAborted()
  const copies = { books: sources.books, verdicts: contents.verdicts }
  compareLetters(copies, letters)
  const log = sources.log()
  if (log) {
    await compareLog(copies, log, quiet.snapshot.partitions ?? [], signal).catch((error: unknown) => {
      signal.throwIfAborted()
      const detail = `the log of the broker could not be read: ${error instanceof Error ? error.message : String(error)}`
      findings.add({ kind: 'witness_absent', weight: 'doubt', detail })
    })
  }
  return { quiet, seen, letters, findings, contents, checked }
}

/**
 * Whether something happened while the witnesses were heard: what one says would then be older than what another does. Waits
 * until telemetry has reported past now, which may itself not come in time.
 */
async function whatMoved(
  { books, broker, now }: Sources,
  quiet: Quiet,
  deadline: number,
  signal: AbortSignal,
): Promise<Undrained | undefined> {
  const heardAt = now()
  while ((books.coverage.oldest() ?? Number.NEGATIVE_INFINITY) < heardAt) {
    if (now() >= deadline) {
      const detail = 'telemetry did not report past the moment at which the witnesses were read'
      return { what: 'telemetry', count: 1, samples: [], detail }
    }
    await sleep(lookEveryMs, undefined, { signal })
  }
  if (broker() === quiet.broker && activityOf(books.context.ledger) === quiet.activity) return undefined
  const detail = 'publishing or handling went on while the witnesses were read'
  return { what: 'publishes', count: 1, samples: [], detail }
}

/** The comparison itself is one step: nothing can be reported in the middle of it. */
function reportOf(sources: Sources, began: number, outcome: { testimony: Testimony } | Unfinished): AuditReport {
  const { books, now } = sources
  const consumers = sources.consumers()
  const testimony = 'testimony' in outcome ? outcome.testimony : undefined
  const findings = 'left' in outcome ? outcome.findings : outcome.testimony.findings
  const resolved = testimony ? compare(sources, testimony) : countResolved([])
  for (const { group, made } of testimony?.checked ?? []) books.verified.set(group, made)
  const report = books.report()
  const undrained = 'left' in outcome ? outcome.left : []
  const snapshot = 'left' in outcome ? outcome.snapshot : outcome.testimony.quiet.snapshot
  const sum = (pick: 'delivered' | 'dead_lettered'): Record<string, number> => {
    const totals: Record<string, number> = {}
    for (const row of report.groups) totals[row.group] = (totals[row.group] ?? 0) + row[pick]
    return totals
  }
  const read = consumers.flatMap(({ name: group, effect }) => {
    const those = testimony?.seen.get(group)
    if (!those || !effect) return []
    const { effects, messages, foreign } = those
    return [{ group, kind: effect.kind, effects, messages, foreign }]
  })
  return {
    ...report,
    verdict: auditVerdict(report.verdict, undrained, findings),
    drained: testimony !== undefined,
    undrained,
    tookMs: now() - began,
    witnesses: {
      telemetry: {
        delivered: sum('delivered'),
        deadLettered: sum('dead_lettered'),
        unsettled: report.groups.reduce((total, row) => total + row.waiting + row.handling + row.retrying, 0),
      },
      broker: snapshot
        ? {
            queues: snapshot.queues,
            ...(snapshot.partitions
              ? { partitions: snapshot.partitions.map(({ startOffset: _, ...partition }) => partition) }
              : {}),
          }
        : null,
      effects: read.length > 0 ? { groups: read } : null,
    },
    contents: testimony?.contents.groups ?? [],
    ...(testimony && testimony.checked.length > 0 ? { checks: testimony.checked } : {}),
    resolved,
    disagreements: findings.list(),
  }
}

function compare(sources: Sources, { quiet, seen, letters, findings, contents }: Testimony): AuditReport['resolved'] {
  const { books, now } = sources
  const consumers = sources.consumers()
  const { ledger } = books.context
  const { broker, snapshot } = quiet
  const at = now()
  const decided = decideLeftovers({ books, consumers, broker, snapshot, seen, letters, findings, at })
  enter(books, [...decided, ...contents.verdicts.decided])
  for (const consumer of consumers) {
    const those = seen.get(consumer.name)
    if (those) enter(books, compareEffects(ledger, consumer, those, findings, at))
  }
  compareDeadLetters(ledger, broker, snapshot.queues, letters, findings)
  for (const { id, group } of openObligations(ledger, broker)) {
    const detail = `the broker holds nothing for ${group}, telemetry has it unsettled, and no evidence says what became of it`
    findings.add({ kind: 'backlog_differs', weight: 'doubt', id, group, detail })
  }
  return countResolved(decided)
}

function enter(books: Sources['books'], decided: readonly Resolution[]): void {
  for (let from = 0; from < decided.length; from += enteredAtOnce) {
    books.resolve(decided.slice(from, from + enteredAtOnce))
  }
}
