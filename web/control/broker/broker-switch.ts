import type { BrokerSwitch, LabBrokerInput, LabBrokerState } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { ApiProblem } from '../problem/problem.ts'
import { Cancelled } from './cancelled.ts'
import { type SwitchPorts, usualTimes } from './switch-ports.ts'
import { createSwitchProgress, type SwitchProgress } from './switch-progress.ts'
import { createSwitchSteps, type Job, reasonOf } from './switch-steps.ts'
import { astrayFrom } from './worker-places.ts'

export interface BrokerSwitchboard {
  state(): LabBrokerState
  /** The switch that runs, or else the last one. */
  latest(): BrokerSwitch | undefined
  /** To be called once sidecars can be sent something. */
  start(): void
  /**
   * Begins a switch; for the one that drains already, abandons what is left (`abandon`) or cancels it (the broker that it
   * leaves). Answers whether there was anything to do. Throws `broker_not_ready` and `switch_running`.
   */
  request(input: LabBrokerInput): Promise<boolean>
  /** Gives up what is under way without a word: the next start finishes or takes it back. */
  stop(): Promise<void>
}

/**
 * READY: nothing moves. SWITCHING: one job is carried out, in the phases of `labBrokerState`; up to `stuck` it can be cancelled,
 * since no worker was ordered to move. RETURNING: a former process ended in the middle of a switch, and workers go back.
 */
type SwitchState =
  | { kind: 'ready' }
  | { kind: 'switching'; job: Job; phase: Exclude<LabBrokerState, 'ready'>; ended: Promise<void> }
  | { kind: 'returning'; ended: Promise<void> }

const isCancellable = (state: SwitchState): boolean =>
  state.kind === 'switching' && ['preparing', 'draining', 'stuck'].includes(state.phase)

/**
 * Carries switches out, one at a time. What can fail without anybody noticing comes first: the other broker is started and
 * reached while this one still takes publishes. Before workers are ordered to move, the file says so; once all run on the other
 * broker, the file says that. In between, whatever goes wrong takes them back, also the end of this process: the next one finds
 * the file.
 */
export function createBrokerSwitch(ports: SwitchPorts): BrokerSwitchboard {
  const { file, current, gate, workers, log, now = Date.now } = ports
  const ending = new AbortController()
  const steps = createSwitchSteps(ports, { ...usualTimes, ...ports.times }, ending.signal)
  let state: SwitchState = { kind: 'ready' }
  let latest: SwitchProgress | undefined

  const refuse = (why: string): void =>
    gate.close(`${why}; publishes are taken again when GET /api/lab/broker says "ready"`)
  const enter = (job: Job, phase: Exclude<LabBrokerState, 'ready'>): void => {
    if (state.kind === 'switching' && state.job === job) state = { ...state, phase }
  }
  const takeAgain = (): void => {
    if (ending.signal.aborted) return
    state = { kind: 'ready' }
    gate.open()
  }

  async function moveWorkers(job: Job): Promise<void> {
    await file.keep(job.from, job.to)
    workers.moveTo(job.to)
    await ports.configure()
    await steps.untilMoved(job)
  }

  /** Resolves when every worker that could publish is on the current broker, and none is elsewhere. */
  async function bringBack(why: string): Promise<void> {
    const home = current.name()
    workers.moveTo(home)
    await ports.configure()
    for (;;) {
      if (ending.signal.aborted) return
      const astray = astrayFrom(home, ports.services(), ports.producers())
      if (astray === undefined) break
      refuse(`${why}; workers go back to ${home}: ${astray}`)
      await steps.pause()
    }
    await file.keep(home).catch((error: unknown) => log.error({ err: error }, 'the broker could not be kept'))
  }

  async function carryOut(job: Job): Promise<void> {
    const { from, to, progress } = job
    let next: Broker | undefined
    let workersReported = false
    try {
      next = await progress.step('engine', () => steps.prepare(job))
      const broker = next
      refuse(`the lab moves from ${from} to ${to}`)
      enter(job, 'draining')
      await progress.step('drain', () => steps.empty(job, (stuck) => enter(job, stuck ? 'stuck' : 'draining')))
      enter(job, 'moving')
      await progress.step('wiring', () => steps.wire(job, broker))
      workersReported = true
      await progress.step('workers', () => moveWorkers(job))
      await file.keep(to)
    } catch (error) {
      if (ending.signal.aborted) return
      const reason = reasonOf(error)
      const outcome = error instanceof Cancelled ? 'cancelled' : 'rolled_back'
      log.warn({ err: error, from, to }, `the switch to ${to} was ${outcome.replace('_', ' ')}: ${reason}`)
      ports.onEvent(
        error instanceof Cancelled ? 'info' : 'warn',
        `the switch from ${from} to ${to} was ${outcome.replace('_', ' ')}${reason === '' ? '' : `: ${reason}`}`,
      )
      if (workersReported) {
        enter(job, 'rolling_back')
        progress.patch({ reason })
        await bringBack(`the switch to ${to} failed (${reason})`)
      }
      await next?.close().catch(() => undefined)
      progress.end(outcome, reason === '' ? undefined : reason)
      return
    }
    current.adopt(to, next)
    // What was changed during the move was declared on the former one.
    await current
      .declare(ports.wiring())
      .catch((error: unknown) => log.warn({ err: error }, `${to} is wired again later`))
    log.info({ from, to }, `the lab runs on ${to}`)
    ports.onEvent('info', `the lab runs on ${to}, and ran on ${from} before`)
    progress.end('done')
  }

  function begin(to: BrokerName, abandon: boolean): void {
    const from = current.name()
    const progress = createSwitchProgress(from, to, now)
    const cancel = new AbortController()
    ending.signal.addEventListener('abort', () => cancel.abort(), { once: true })
    const job: Job = { from, to, progress, abandon, cancel }
    latest = progress
    log.info({ from, to, abandon }, `the switch to ${to} begins`)
    ports.onEvent('info', `a switch from ${from} to ${to} began`)
    // The work begins in a later turn: the state that it moves on from is there by then.
    const ended = Promise.resolve()
      .then(() => carryOut(job))
      .finally(takeAgain)
    state = { kind: 'switching', job, phase: 'preparing', ended }
  }

  /** What a request means to the switch that runs; undefined if none does and it begins one. */
  function ofRunning({ broker: to, abandon = false }: LabBrokerInput): boolean | undefined {
    if (state.kind === 'ready') return to === current.name() ? false : undefined
    const job = state.kind === 'switching' ? state.job : undefined
    const cancellable = isCancellable(state)
    if (job && cancellable && to === job.to && abandon) {
      job.abandon = true
      return true
    }
    if (job && cancellable && to === job.from) {
      job.cancel.abort()
      return true
    }
    const what = job ? `the lab moves from ${job.from} to ${job.to}` : (gate.refusal() ?? 'workers are being moved')
    const hint = job && cancellable ? `; ask for ${job.from} to cancel it, or for ${job.to} with "abandon": true` : ''
    throw new ApiProblem('switch_running', `${what}${hint}`)
  }

  return {
    state() {
      if (state.kind === 'ready') return 'ready'
      return state.kind === 'returning' ? 'rolling_back' : state.phase
    },
    latest: () => latest?.view(),
    start() {
      const { unsettled } = file
      if (unsettled === undefined) return
      refuse(unsettled)
      state = { kind: 'returning', ended: bringBack(unsettled).then(takeAgain) }
    },
    async request(input) {
      const running = ofRunning(input)
      if (running !== undefined) return running
      const { ready, reason } = await ports.availability(input.broker)
      if (!ready) throw new ApiProblem('broker_not_ready', reason ?? `${input.broker} is not ready`)
      // Another request may have come meanwhile.
      const meanwhile = ofRunning(input)
      if (meanwhile !== undefined) return meanwhile
      begin(input.broker, input.abandon ?? false)
      return true
    },
    async stop() {
      ending.abort()
      if (state.kind !== 'ready') await state.ended
    },
  }
}
