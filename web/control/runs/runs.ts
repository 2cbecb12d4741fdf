import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Run, RunInput, RunItem, RunUnderWay, ScenarioItem } from '#contracts/api/run.ts'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { checkAgainstLab } from '#contracts/scenario/check-lab.ts'
import { planOf, type RunPlan } from '#contracts/scenario/plan.ts'
import { readScenario, type Scenario } from '#contracts/scenario/read-scenario.ts'
import { durationInWords } from '#contracts/scenario/values.ts'
import type { JournalLine, RunLine } from '#contracts/scenario-run/journal-line.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import { type FileProblem, inFileOrder } from '#contracts/yaml-document/file-problem.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { type Abandonment, watchAbandonment } from './abandonment.ts'
import { checkContents } from './check-contents.ts'
import { checkFaultPlan } from './check-fault-plan.ts'
import { invalidScenario } from './invalid-scenario.ts'
import { recoverRun, runTakenBack } from './recover-run.ts'
import { endEntry, itemOf, longestRunMs, unended } from './run-item.ts'
import type { RunJournals } from './run-journals.ts'
import type { RunLab } from './run-lab.ts'
import { RunSession } from './run-session.ts'
import type { Undo, UndoStore } from './undo.ts'

export interface Runs {
  /** Resolves when the run has begun. Throws `invalid_scenario`, `unknown_scenario`, `run_running`, `broker_switching`. */
  start(input: RunInput): Promise<Run>
  /** Every problem of a scenario in this lab; nothing is run. */
  check(input: RunInput): Promise<FileProblem[]>
  /** Newest first. */
  list(): RunItem[]
  get(id: string): Promise<Run>
  /** Ends it early; resolves when everything is rolled back. One that has ended is answered as it is. */
  stop(id: string): Promise<Run>
  /** JSON lines. */
  journal(id: string): Promise<string>
  /** The run that goes on. */
  underWay(): RunUnderWay | null
  /** Lines of one that goes on or has just ended, for those who follow it; undefined if they are on disk alone. */
  lines(id: string): readonly JournalLine[] | undefined
  scenarios(): Promise<ScenarioItem[]>
  /** Takes back what a run left that ended with an earlier process; call once, when the lab can be changed. */
  recover(): Promise<void>
  /** Stops the run that goes on, and resolves when it is rolled back. */
  close(): Promise<void>
}

export interface RunsOptions {
  lab: RunLab
  journals: RunJournals
  undoStore: UndoStore
  /** Where begin and end of a run are logged. */
  events: { add(entry: Omit<EventLogEntry, 'seq' | 'at'>): void }
  /** The scenarios that are shipped. */
  scenarios: () => Promise<ScenarioItem[]>
  log: Logger
  now?: () => number
}

/** Ended runs whose journals are kept in memory. */
const latestMax = 5

/** IDLE ⇄ RUNNING one run; before either, RECOVERING what an earlier process left. */
export async function openRuns(options: RunsOptions): Promise<Runs> {
  const { lab, journals, undoStore, events, log, now = Date.now } = options
  const ended = new Map<string, RunItem>((await journals.load()).map((run) => [run.id, itemOf(run)]))
  /** Journals of the last runs of this process: they are answered also if the disk did not take them. */
  const latest = new Map<string, readonly JournalLine[]>()
  let current:
    | {
        session: RunSession
        abandonment: Abandonment | undefined
        done: Promise<void>
        lines: readonly JournalLine[]
        summary: RunUnderWay
        view: () => Run
      }
    | undefined
  let starting = false
  /** What a run left that ended with an earlier process, until it is taken back. */
  let leftBehind = await undoStore.load().catch(() => undefined)
  let closing = false

  const refuseSecond = (): void => {
    if (closing) throw new ApiProblem('shutting_down', 'Faultline is stopping and begins no run')
    if (leftBehind)
      throw new ApiProblem('run_running', 'what an earlier run left is still being taken back; try again in a moment')
    const { id, name, endsBy } = current?.summary ?? {}
    if (id !== undefined)
      throw new ApiProblem(
        'run_running',
        `${name} (${id}) runs until ${endsBy} at the latest; wait, or POST /api/scenarios/runs/${id}/stop`,
      )
    if (starting) throw new ApiProblem('run_running', 'another run is just being started')
    const refusal = lab.refusal()
    if (refusal !== undefined) throw new ApiProblem('broker_switching', refusal)
  }

  const textOf = async ({ scenario, name }: RunInput): Promise<string> => {
    if (scenario !== undefined) return scenario
    const all = await options.scenarios()
    const found = all.find((one) => one.name === name)
    if (found) return found.text
    if (name === undefined)
      throw inputProblem('invalid_body', [
        { path: '/scenario', message: 'give scenario, the text of a file, or name, one that is shipped' },
      ])
    const known = all.map((one) => one.name)
    throw new ApiProblem('unknown_scenario', `there is no scenario "${name}"; ${nameRemedy(name, known)}`)
  }

  const read = async (input: RunInput): Promise<{ scenario?: Scenario; problems: FileProblem[] }> => {
    const { scenario, problems } = readScenario(await textOf(input))
    if (!scenario) return { problems }
    const inLab = checkAgainstLab(scenario, { ...lab.targets(), lab: lab.name() })
    // What names nothing would be reported twice.
    if (inLab.length > 0) return { scenario, problems: inLab }
    const seed = input.seed ?? scenario.file.seed
    const contents = await checkContents(lab, scenario, seed)
    return {
      scenario,
      problems: inFileOrder([...checkFaultPlan(lab, scenario, planOf(scenario.file, seed).faults), ...contents]),
    }
  }

  function begin(
    scenario: Scenario,
    { seed, abandonAfterMs }: { seed: number; abandonAfterMs?: number | undefined },
  ): Run {
    const { file } = scenario
    const at = now()
    const startedAt = new Date(at).toISOString()
    const id = `r-${startedAt.slice(0, 19).replace(/[^0-9]/g, '')}-${randomBytes(4).toString('hex')}`
    const plan = planOf(file, seed)
    const journal = journals.create(id)
    const name = lab.name()
    const line: RunLine = {
      ...{ kind: 'run', t: 0, format: 1, id, name: file.metadata.name, seed, broker: lab.broker(), startedAt },
      ...(file.metadata.title === undefined ? {} : { title: file.metadata.title }),
      ...(name === undefined ? {} : { lab: name }),
      endsBy: new Date(at + longestRunMs(plan, file)).toISOString(),
      versions: { faultline: lab.version, node: process.version },
      scenario: scenario.text,
      plan: {
        phases: plan.phases,
        checks: plan.checks,
        faults: plan.faults.map(({ id: fault, phase, input }) => ({
          ...{ id: fault, phase, type: input.type, state: 'planned', hits: 0 },
          ...(typeof input.target === 'object' ? { target: input.target } : {}),
        })),
      },
    }
    journal.add(line)
    const session = new RunSession({
      id,
      scenario,
      plan,
      seed,
      lab,
      journal,
      undo: undoOf(id, startedAt, file, plan),
      undoStore,
      log,
      now,
    })
    const abandonment =
      abandonAfterMs === undefined
        ? undefined
        : watchAbandonment(abandonAfterMs, () => {
            const reason = `nobody had asked for the run for ${durationInWords(abandonAfterMs)}: who began it is gone`
            session.cut({ why: 'stopped', reason })
          })
    const view = (): Run => narratedRun(journal.lines, { elapsedMs: now() - at })
    events.add({
      kind: 'lab',
      level: 'info',
      message: `the scenario ${file.metadata.name} began (${id}, seed ${seed})`,
    })
    const done = session.run().then(() => {
      abandonment?.stop()
      const run = view()
      ended.set(id, itemOf(run))
      events.add(endEntry(run))
      latest.set(id, journal.lines)
      for (const oldest of [...latest.keys()].slice(0, -latestMax)) latest.delete(oldest)
      current = undefined
      return forget()
    })
    const summary = { id, name: line.name, startedAt, endsBy: line.endsBy }
    current = { session, abandonment, done, lines: journal.lines, summary, view }
    return view()
  }

  /** Drops what has no room any more; a run whose journal is gone is no longer listed. */
  async function forget(): Promise<void> {
    for (const id of await journals.prune()) ended.delete(id)
  }

  const linesOf = (id: string) => (current?.summary.id === id ? current.lines : latest.get(id))

  function undoOf(id: string, startedAt: string, file: Scenario['file'], plan: RunPlan): Undo {
    const replicas = lab.services
      .list()
      .flatMap(({ name, wanted }) => (wanted === undefined ? [] : [[name, wanted] as const]))
    return {
      ...{ id, startedAt, faultSeeds: plan.faults.map(({ input }) => input.seed) },
      ...{ subscriptions: lab.subscriptions.list(), replicas: Object.fromEntries(replicas) },
      eventTypes: file.steps.flatMap(({ eventType }) => eventType?.name ?? []),
      ...(file.steps.some(({ broker }) => broker !== undefined) ? { broker: lab.broker() } : {}),
    }
  }

  const get = async (id: string): Promise<Run> => {
    const running = current?.view()
    if (running?.id === id) {
      current?.abandonment?.asked()
      return running
    }
    const kept = latest.get(id)
    if (kept) return narratedRun(kept)
    const { lines, problem } = readJournal(await text(id))
    if (id === leftBehind?.id && lines.length > 0) return runTakenBack(lines)
    return narratedRun(lines, problem === undefined ? {} : { problem })
  }

  const text = async (id: string): Promise<string> => {
    const lines = linesOf(id)
    if (lines) return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    const found = ended.has(id) ? await journals.text(id) : undefined
    if (found === undefined)
      throw new ApiProblem(
        'unknown_run',
        `there is no run "${id.slice(0, 100)}"; GET /api/scenarios/runs lists those that are kept`,
      )
    return found
  }

  return {
    get,
    journal: text,
    lines(id) {
      if (current?.summary.id === id) current.abandonment?.asked()
      return linesOf(id)
    },
    underWay: () => current?.summary ?? null,
    scenarios: options.scenarios,
    check: async (input) => (await read(input)).problems,
    async start(input) {
      refuseSecond()
      starting = true
      try {
        const { scenario, problems } = await read(input)
        if (!scenario || problems.length > 0) throw invalidScenario(problems)
        const broker = lab.broker()
        if (input.broker !== undefined && input.broker !== broker)
          throw new ApiProblem(
            'invalid_scenario',
            `the lab runs on ${broker}, not on ${input.broker}; PUT /api/lab/broker changes that`,
          )
        return begin(scenario, { seed: input.seed ?? scenario.file.seed, abandonAfterMs: input.abandonAfterMs })
      } finally {
        starting = false
      }
    },
    list() {
      const running = current ? [itemOf(current.view())] : []
      const others = [...ended.values()].map((item) => (item.id === leftBehind?.id ? unended(item) : item))
      return [...running, ...others].sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    },
    async stop(id) {
      if (current?.summary.id === id) {
        const { session, done } = current
        session.cut({ why: 'stopped', reason: 'the run was stopped' })
        await done
      }
      return get(id)
    },
    async recover() {
      if (!leftBehind) return
      const { id } = leftBehind
      const lines = await recoverRun({ lab, journals, now }, leftBehind)
      if (lines.length > 0) {
        latest.set(id, lines)
        ended.set(id, itemOf(narratedRun(lines)))
      }
      await undoStore.clear()
      leftBehind = undefined
    },
    async close() {
      closing = true
      if (!current) return
      current.session.cut({ why: 'lab_ended', reason: 'the lab was stopped during the run' })
      await current.done
    },
  }
}
