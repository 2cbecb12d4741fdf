import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { BrokerName } from '#contracts/broker-name.ts'
import type {
  AvailableBroker,
  BrokerSwitch,
  LabBrokerInput,
  LabBrokerState,
  UnsettledOn,
} from '#contracts/lab-broker.ts'
import type { ServiceStatus } from '#contracts/live-protocol.ts'
import type { Broker, Wiring } from '#workers/broker/broker.ts'
import { ApiProblem } from '../api/problem.ts'
import type { BrokerFile } from './broker-file.ts'
import { Cancelled, orCancelled, within } from './cancelled.ts'
import type { CurrentBroker } from './current-broker.ts'
import { drain } from './drain.ts'
import { createSwitchProgress, type SwitchProgress } from './switch-progress.ts'
import { astrayFrom, hopelessOn, missingOn } from './worker-places.ts'

/** What a switch works on. */
export interface SwitchPorts {
  file: BrokerFile
  current: CurrentBroker
  /** Looks anew whether the lab can run on a broker. */
  availability: (broker: BrokerName) => Promise<AvailableBroker>
  /** Resolves when the engines of a broker run, where they are this lab's own. `onDetail` is told what it waits for. */
  startEngines: (broker: BrokerName, onDetail: (detail: string) => void) => Promise<void>
  /** Throws where this version cannot, or an address is missing. */
  open: (broker: BrokerName) => Broker
  wiring: () => Wiring
  /** Ends what would go on making messages: bursts and redrives. */
  stopSources: () => Promise<void>
  /** Publishes without an answer and bursts without an end, as web knows of them. */
  underWay: () => { publishes: number; bursts: number }
  unsettled: (broker: BrokerName) => UnsettledOn
  services: () => readonly ServiceStatus[]
  /** Replicas wanted, by service. */
  counts: () => Record<string, number>
  producers: readonly string[]
  /** Tells every sidecar what holds now; `workersOn` is part of it. */
  configure: () => Promise<void>
  /** Told what happens, for the event log. */
  onEvent: (level: 'info' | 'warn', message: string) => void
  log: Logger
  now?: () => number
  times?: Partial<SwitchTimes>
}

/** In milliseconds. */
export interface SwitchTimes {
  /** Between two looks at what is waited for. */
  poll: number
  /** How long the other broker may take to answer once it runs. */
  reach: number
  /** Without getting less for so long, what is left is a question to the user. */
  stall: number
  /** How long the answer to that may take: publishes are refused meanwhile. */
  decide: number
  /** How long the wiring may take. */
  wire: number
  /** How long all workers together may take to come up on the other broker. */
  workers: number
}
const usualTimes: SwitchTimes = {
  poll: 200,
  reach: 30_000,
  stall: 10_000,
  decide: 600_000,
  wire: 30_000,
  workers: 90_000,
}

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

interface Job {
  from: BrokerName
  to: BrokerName
  progress: SwitchProgress
  abandon: boolean
  /** Aborted by the user or by `stop`. Nothing listens once workers were told to move. */
  cancel: AbortController
  cancellable: boolean
}

/**
 * Carries switches out, one at a time. The states are those of `labBrokerState`. What can fail without anybody noticing
 * comes first: the other broker is started and reached while this one still takes publishes. Before workers are told to
 * move, the file says so; once all run on the other broker, the file says that. In between, whatever goes wrong takes them
 * back, also the end of this process: the next one finds the file.
 */
export function createBrokerSwitch(ports: SwitchPorts): BrokerSwitchboard {
  const { file, current, log, now = Date.now } = ports
  const times = { ...usualTimes, ...ports.times }
  const ending = new AbortController()
  let state: LabBrokerState = 'ready'
  let refusal: string | undefined
  let workersOn = current.name()
  let job: Job | undefined
  let latest: SwitchProgress | undefined
  let running: Promise<void> = Promise.resolve()

  const pause = (signal: AbortSignal = ending.signal): Promise<void> =>
    sleep(times.poll, undefined, { signal }).catch(() => undefined)
  const refuse = (why: string): void => {
    refusal = `${why}; publishes are taken again when GET /api/lab/broker says "ready"`
  }
  const takeAgain = (): void => {
    state = 'ready'
    refusal = undefined
  }

  /** The other broker, running and answering. */
  async function prepare({ to, progress, cancel }: Job): Promise<Broker> {
    await orCancelled(ports.startEngines(to, progress.detail), cancel.signal)
    const broker = ports.open(to)
    try {
      for (const deadline = now() + times.reach; ; ) {
        const reason = await broker.inspect().then(() => undefined, reasonOf)
        if (reason === undefined) break
        if (now() >= deadline) throw new Error(`${to} did not answer within ${times.reach / 1_000} s: ${reason}`)
        progress.detail(`waits for ${to} to answer: ${reason}`)
        await pause(cancel.signal)
        if (cancel.signal.aborted) throw new Cancelled()
      }
      progress.detail(`${to} answers`)
      return broker
    } catch (error) {
      await broker.close().catch(() => undefined)
      throw error
    }
  }

  async function empty(job: Job): Promise<void> {
    const { from, progress, cancel } = job
    progress.detail('stops bursts and redrives')
    const left = await drain({
      from,
      stopSources: ports.stopSources,
      underWay: ports.underWay,
      unsettled: () => ports.unsettled(from),
      depths: current.depths,
      inspect: current.inspect,
      abandoned: () => job.abandon,
      cancelled: () => cancel.signal.aborted,
      pause: () => pause(cancel.signal),
      now,
      times,
      onLeft(left, detail) {
        progress.patch({ left })
        progress.detail(detail)
      },
      onStuck(stuck) {
        state = stuck ? 'stuck' : 'draining'
      },
    })
    if (left) progress.patch({ abandoned: left })
    progress.detail(left ? 'what was left stays behind' : 'nothing is left')
  }

  /** A broker that has just started may refuse for a moment what it takes soon after. */
  async function wire({ to, progress }: Job, broker: Broker): Promise<void> {
    for (const deadline = now() + times.wire; ; await pause()) {
      ending.signal.throwIfAborted()
      const left = Math.max(deadline - now(), 1)
      const declared = within(broker.declare(ports.wiring()), left, `${to} did not take the wiring`)
      const reason = await declared.then(() => undefined, reasonOf)
      if (reason === undefined) return progress.detail('topics, queues and bindings stand')
      if (now() >= deadline) throw new Error(reason)
      progress.detail(`tries again: ${reason}`)
    }
  }

  async function moveWorkers({ from, to, progress }: Job): Promise<void> {
    await file.keep(from, to)
    workersOn = to
    await ports.configure()
    for (const deadline = now() + times.workers; ; await pause()) {
      ending.signal.throwIfAborted()
      const missing = missingOn(to, ports.services(), ports.counts())
      if (missing === undefined) break
      const hopeless = hopelessOn(to, ports.services())
      if (hopeless !== undefined) throw new Error(hopeless)
      if (now() >= deadline) throw new Error(`not all workers came up within ${times.workers / 1_000} s: ${missing}`)
      progress.detail(missing)
    }
    progress.detail('all replicas are up')
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
      await pause()
    }
    await file.keep(workersOn).catch((error: unknown) => log.error({ err: error }, 'the broker could not be kept'))
  }

  async function carryOut(job: Job): Promise<void> {
    const { from, to, progress } = job
    let next: Broker | undefined
    let workersTold = false
    try {
      next = await progress.step('engine', () => prepare(job))
      const broker = next
      refuse(`the lab moves from ${from} to ${to}`)
      state = 'draining'
      await progress.step('drain', () => empty(job))
      job.cancellable = false
      state = 'moving'
      await progress.step('wiring', () => wire(job, broker))
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

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
