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
  /** The broker that workers shall run on; during the move it is the other one already. */
  workersOn(): BrokerName
  /** Why publishes are refused now; undefined where they are taken. */
  refusal(): string | undefined
  state(): LabBrokerState
  /** The switch that runs, or else the last one. */
  latest(): BrokerSwitch | undefined
  /** To be called once sidecars can be told something. */
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
 * Carries switches out, one at a time. The states are those of `labBrokerState`. What can fail without anybody noticing
 * comes first: the other broker is started and reached while this one still takes publishes. Before workers are told to
 * move, the file says so; once all run on the other broker, the file says that. In between, whatever goes wrong takes them
 * back, also the end of this process: the next one finds the file.
 */
export function createBrokerSwitch(ports: SwitchPorts): BrokerSwitchboard {
  const { file, current, log, now = Date.now } = ports
  const ending = new AbortController()
  const steps = createSwitchSteps(ports, { ...usualTimes, ...ports.times }, ending.signal)
  let state: LabBrokerState = 'ready'
  let refusal: string | undefined
  let workersOn = current.name()
  let job: Job | undefined
  let latest: SwitchProgress | undefined
  let running: Promise<void> = Promise.resolve()

  const refuse = (why: string): void => {
    refusal = `${why}; publishes are taken again when GET /api/lab/broker says "ready"`
  }
  const takeAgain = (): void => {
    state = 'ready'
    refusal = undefined
  }

  async function moveWorkers(job: Job): Promise<void> {
    await file.keep(job.from, job.to)
    workersOn = job.to
    await ports.configure()
    await steps.untilMoved(job)
  }

  /** Resolves when every worker that could publish is on the current broker, and none is elsewhere. */
  async function bringBack(why: string): Promise<void> {
    workersOn = current.name()
    await ports.configure()
    for (;;) {
      if (ending.signal.aborted) return
      const astray = astrayFrom(workersOn, ports.services(), ports.producers)
      if (astray === undefined) break
      refuse(`${why}; workers go back to ${workersOn}: ${astray}`)
      await steps.pause()
    }
    await file.keep(workersOn).catch((error: unknown) => log.error({ err: error }, 'the broker could not be kept'))
  }

  async function carryOut(job: Job): Promise<void> {
    const { from, to, progress } = job
    let next: Broker | undefined
    let workersTold = false
    try {
      next = await progress.step('engine', () => steps.prepare(job))
      const broker = next
      refuse(`the lab moves from ${from} to ${to}`)
      state = 'draining'
      await progress.step('drain', () =>
        steps.empty(job, (stuck) => {
          state = stuck ? 'stuck' : 'draining'
        }),
      )
      job.cancellable = false
      state = 'moving'
      await progress.step('wiring', () => steps.wire(job, broker))
      workersTold = true
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
      if (workersTold) {
        state = 'rolling_back'
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
    job = { from, to, progress, abandon, cancel, cancellable: true }
    latest = progress
    state = 'preparing'
    log.info({ from, to, abandon }, `the switch to ${to} begins`)
    ports.onEvent('info', `a switch from ${from} to ${to} began`)
    running = carryOut(job).finally(() => {
      job = undefined
      if (!ending.signal.aborted) takeAgain()
    })
  }

  /** What a request means to the switch that runs; undefined where none does and it begins one. */
  function ofRunning({ broker: to, abandon = false }: LabBrokerInput): boolean | undefined {
    if (job?.cancellable && to === job.to && abandon) {
      job.abandon = true
      return true
    }
    if (job?.cancellable && to === job.from) {
      job.cancel.abort()
      return true
    }
    if (job || state !== 'ready') {
      const what = job ? `the lab moves from ${job.from} to ${job.to}` : (refusal ?? 'workers are being moved')
      const hint = job?.cancellable ? `; ask for ${job.from} to cancel it, or for ${job.to} with "abandon": true` : ''
      throw new ApiProblem('switch_running', `${what}${hint}`)
    }
    return to === current.name() ? false : undefined
  }

  return {
    workersOn: () => workersOn,
    refusal: () => refusal,
    state: () => state,
    latest: () => latest?.view(),
    start() {
      const { unsettled } = file
      if (unsettled === undefined) return
      state = 'rolling_back'
      refuse(unsettled)
      running = bringBack(unsettled).then(() => {
        if (!ending.signal.aborted) takeAgain()
      })
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
      await running
    },
  }
}
