import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { FlowFigures } from '#contracts/api/flow.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { RunState } from '#contracts/api/run.ts'
import { runTraceMark } from '#contracts/faults/victims.ts'
import type { RunPlan } from '#contracts/scenario/plan.ts'
import type { Scenario } from '#contracts/scenario/read-scenario.ts'
import type { PhaseFile } from '#contracts/scenario/scenario-file.ts'
import type { JournalLine, LineOf, LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import { auditLineOf } from './audit-line.ts'
import { applyPolicy } from './carry-out-step.ts'
import { Sender } from './load/sender.ts'
import { isPhaseOverdue, type PhaseEnd, phaseEnd } from './phase-end.ts'
import type { RunJournal } from './run-journals.ts'
import type { RunLab } from './run-lab.ts'
import { StepWork } from './step-work.ts'
import { StoryWatch } from './story/story-watch.ts'
import { healFaults, rollbackLines, takeBack, type Undo, type UndoStore } from './undo.ts'
import { CheckWatch } from './watch/check-watch.ts'
import { FaultWatch } from './watch/fault-watch.ts'
import { type LabFigures, lookAt } from './watch/lab-figures.ts'
import { MessageTimes } from './watch/message-times.ts'
import { watchSidecars } from './watch/watch-sidecars.ts'

const tickMs = 10
/** Between two looks at checks, faults and what is left. */
const lookEveryMs = 250
const sampleEveryMs = 1_000
/** How long the audit at the end waits for a quiet lab, in milliseconds: telemetry of a busy machine comes late. */
export const auditTimeoutMs = 120_000

export interface RunSessionOptions {
  id: string
  scenario: Scenario
  plan: RunPlan
  seed: number
  lab: RunLab
  journal: RunJournal
  undo: Undo
  undoStore: UndoStore
  log: Logger
  now: () => number
}

type Cut = Omit<LineOf<'cut'>, 'kind' | 't'>

/**
 * Carries one run out. STARTING → STEADY STATE → RUNNING ⇄ DRAINING → AUDITING → ROLLING BACK → ENDED. It goes to ROLLING BACK from
 * wherever it is when it is cut: by somebody, by an abort condition, or by an error. The rollback is never left out.
 */
export class RunSession {
  readonly #options: RunSessionOptions
  readonly #startedAt: number
  readonly #times: MessageTimes
  readonly #sender: Sender
  readonly #faults: FaultWatch
  readonly #checks: CheckWatch
  readonly #cutting = new AbortController()
  #cut: Cut | undefined
  #before: LedgerReport
  #flowsBefore: readonly FlowFigures[]
  #phase: string | undefined
  #phaseAt = 0
  #lookedAt = 0
  #sampledAt = 0
  readonly #steps: StepWork
  readonly #story: StoryWatch
  #lost: () => string[]

  constructor(options: RunSessionOptions) {
    const { id, scenario, plan, lab, journal, now } = options
    this.#options = options
    this.#startedAt = Date.parse(options.undo.startedAt)
    this.#times = new MessageTimes(traceOf(id))
    this.#sender = new Sender(lab, this.#times)
    this.#before = lab.report()
    this.#flowsBefore = lab.flows()
    const tell = (id: string, detail: string, failed: boolean) => this.#add({ kind: 'step', id, detail, failed })
    this.#steps = new StepWork(lab, scenario.file.steps, tell, this.#cutting.signal)
    this.#lost = watchSidecars(lab.lostSidecars)
    this.#story = new StoryWatch({ lab, startedAt: this.#startedAt, tell: (line) => this.#add(line) })
    this.#faults = new FaultWatch({
      ...{ lab, planned: plan.faults, startedAt: this.#startedAt },
      tell: (news) => journal.add({ kind: 'fault', t: now() - this.#startedAt, ...news }),
    })
    this.#checks = new CheckWatch({
      checks: plan.checks,
      tell: (check, values, last, lateMs) =>
        this.#add({ kind: 'check', id: check, values, last, ...(lateMs === undefined ? {} : { lateMs }) }),
      fault: (fault) => this.#faults.of(fault),
    })
  }

  /** Ends the phases; the rollback follows. The first reason counts. */
  cut(cut: Cut): void {
    if (this.#cut) return
    this.#cut = cut
    this.#add({ kind: 'cut', ...cut })
    this.#cutting.abort()
  }

  /** Runs to the end. Never rejects: what goes wrong is in the journal. */
  async run(): Promise<void> {
    const { lab, undo, undoStore, now } = this.#options
    const stopListening = lab.onTelemetry((records) => {
      this.#times.take(records)
      this.#story.take(records)
    })
    try {
      await undoStore.save(undo)
      await this.#work()
    } catch (error) {
      if (!this.#cut) this.cut({ why: 'error', reason: `the run failed: ${inWords(error)}` })
      this.#options.log.error({ err: error, run: this.#options.id }, 'a run failed')
    }
    await this.#rollBack()
    stopListening()
    this.#add({ kind: 'state', state: 'ended' })
    this.#add({ kind: 'end', at: new Date(now()).toISOString() })
  }

  async #work(): Promise<void> {
    const { scenario, lab } = this.#options
    const { file } = scenario
    this.#state('starting')
    if (file.retryPolicy) await applyPolicy(lab, file.retryPolicy)
    this.#state('steady_state')
    await this.#waitForSteadyState()
    this.#before = lab.report()
    this.#flowsBefore = lab.flows()
    this.#times.forgetOthers()
    this.#lost = watchSidecars(lab.lostSidecars)
    for (const phase of file.phases) {
      if (this.#cut) break
      await this.#runPhase(phase)
    }
    await this.#steps.settled()
    if (this.#sender.counts.due > 0)
      this.#add({ kind: 'events', count: this.#sender.counts.due, digest: this.#sender.digest() })
    if (this.#sender.refusal !== undefined) this.#note(`messages were not taken: ${this.#sender.refusal}`)
    if (this.#cut) return
    await this.#judge()
  }

  async #waitForSteadyState(): Promise<void> {
    const { now } = this.#options
    const deadline = now() + this.#checks.steadyWithinMs()
    while (!this.#cut) {
      const isLast = now() >= deadline
      if (this.#checks.steady(this.#look(), isLast)) return
      if (isLast)
        this.cut({ why: 'not_steady', reason: 'nothing was tried, since the lab was not in its steady state' })
      else await this.#pause(lookEveryMs)
    }
  }

  async #runPhase(phase: PhaseFile): Promise<void> {
    const { scenario, seed, now } = this.#options
    this.#state(phase.until === undefined ? 'running' : 'draining')
    this.#phase = phase.name
    this.#phaseAt = now()
    this.#add({ kind: 'phase', name: phase.name, edge: 'begin' })
    this.#sender.begin(scenario.file, phase, seed, this.#phaseAt)
    const timeoutMs = this.#options.plan.phases.find(({ name }) => name === phase.name)?.timeoutMs ?? 0
    let end: PhaseEnd | undefined
    for (;;) {
      // Read before the tick: what fell due up to the end of the phase is sent and done before it ends.
      const into = now() - this.#phaseAt
      const figures = this.#tick(isPhaseOverdue(phase, { into, timeoutMs }))
      if (this.#cut) break
      end = phaseEnd(phase, { into, timeoutMs, isReached: () => this.#isReached(phase, figures) })
      if (end) break
      await this.#pause(tickMs)
    }
    this.#sender.end()
    // What is done in a phase holds in the next.
    while (this.#steps.isWorking() && !this.#cut) {
      this.#tick()
      await this.#pause(tickMs)
    }
    this.#faults.endPhase(phase.name)
    this.#add({ kind: 'phase', name: phase.name, edge: 'end', ...end })
    this.#phase = undefined
  }

  /** Whether what the phase waits for has come. */
  #isReached({ name, until }: PhaseFile, figures: LabFigures | undefined): boolean {
    if (!figures || !this.#isIdle(name)) return false
    return until === 'drained' ? figures.isDrained() : this.#faults.isObserved(name) && this.#checks.haveHeldIn(name)
  }

  /** Whether every fault and step of the phase has begun. */
  #isIdle(phase: string): boolean {
    const { plan } = this.#options
    return (
      plan.faults.every((fault) => fault.phase !== phase || this.#faults.of(fault.id)?.state !== 'planned') &&
      this.#steps.haveBegun(phase) &&
      !this.#steps.isWorking()
    )
  }

  /** Sends, injects and does what is due; a few times a second, or where it must, it looks at the lab, and answers what it saw. */
  #tick(mustLook = false): LabFigures | undefined {
    const { now } = this.#options
    this.#sender.sendDue(now())
    if (this.#phase !== undefined) {
      const into = now() - this.#phaseAt
      this.#faults.inject(this.#phase, into)
      this.#steps.take(this.#phase, into)
    }
    if (!mustLook && now() - this.#lookedAt < lookEveryMs) return undefined
    this.#lookedAt = now()
    this.#faults.look()
    const figures = this.#look()
    if (now() - this.#sampledAt >= sampleEveryMs) {
      this.#sampledAt = now()
      this.#sample(figures)
    }
    this.#story.look(figures, this.#before, now() - this.#startedAt)
    const aborted = this.#checks.look(figures, this.#phase, now() - this.#startedAt)
    if (aborted) this.cut({ why: 'aborted', reason: `${aborted.check.id}: ${aborted.check.title}` })
    return figures
  }

  /** Ends the faults, waits for the checks after them, lets the witnesses be heard, and writes down the last figures. */
  async #judge(): Promise<void> {
    const { lab, undo, now } = this.#options
    this.#state('auditing')
    // A heal can take long, and the time of a check after another fault runs meanwhile.
    await this.#tickDuring(this.#faults.settled().then(() => healFaults(lab, undo)))
    this.#faults.look()
    while (!this.#cut && this.#checks.isWaiting()) {
      this.#tick()
      await this.#pause(tickMs)
    }
    if (this.#cut) return
    const report = await lab.audit(auditTimeoutMs, this.#cutting.signal)
    this.#faults.look()
    this.#sample(this.#look())
    this.#checks.finish(this.#look())
    this.#add(auditLineOf(report, { before: this.#before, t: now() - this.#startedAt, lost: this.#lost() }))
  }

  async #tickDuring(work: Promise<unknown>): Promise<void> {
    let isDone = false
    const done = work.finally(() => {
      isDone = true
    })
    while (!isDone && !this.#cut) {
      this.#tick()
      await Promise.race([this.#pause(tickMs), done])
    }
    await done
  }

  async #rollBack(): Promise<void> {
    const { lab, undo, undoStore } = this.#options
    this.#state('rolling_back')
    await this.#faults.settled()
    await this.#steps.settled()
    const restored = await takeBack(lab, undo)
    this.#faults.look()
    const begun = { before: this.#before, others: this.#times.others }
    this.#story.finish(this.#look(), begun, this.#options.now() - this.#startedAt)
    for (const line of rollbackLines(restored, this.#options.now() - this.#startedAt)) this.#options.journal.add(line)
    await undoStore.clear().catch(() => undefined)
  }

  #look(): LabFigures {
    return lookAt(this.#options.lab, { report: this.#before, flows: this.#flowsBefore }, this.#times)
  }

  #sample(figures: LabFigures): void {
    this.#add({ kind: 'sample', ...this.#sender.counts, groups: figures.groups() })
  }

  #state(state: RunState): void {
    this.#add({ kind: 'state', state })
  }

  #note(text: string): void {
    this.#add({ kind: 'note', text })
  }

  #add(line: LineWithoutTime): void {
    const { journal, now } = this.#options
    journal.add({ t: now() - this.#startedAt, ...line } as JournalLine)
  }

  /** A cut ends it at once. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#cutting.signal }).catch(() => undefined)
  }
}

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** 16 hexadecimal digits that no other run has: the mark of runs, and the end of its id. */
const traceOf = (id: string): string => runTraceMark + id.slice(-8)
