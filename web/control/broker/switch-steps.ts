import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { Cancelled, orCancelled, within } from './cancelled.ts'
import { drain } from './drain.ts'
import type { SwitchPorts, SwitchTimes } from './switch-ports.ts'
import type { SwitchProgress } from './switch-progress.ts'
import { hopelessOn, missingOn } from './worker-places.ts'

/** The state of one running switch. */
export interface Job {
  from: BrokerName
  to: BrokerName
  progress: SwitchProgress
  abandon: boolean
  /** Aborted by the user or by `stop`. Nothing listens once workers were ordered to move. */
  cancel: AbortController
}

/**
 * What a switch does one after the other, each until it is so or cannot be. None of them decides what the switch does next, nor
 * what the lab reports of it. `ending` is aborted when this process goes away.
 */
export function createSwitchSteps(ports: SwitchPorts, times: SwitchTimes, ending: AbortSignal) {
  const { current, now = Date.now } = ports

  /** Rejects never: whoever waits looks at the signal. */
  const pause = (signal: AbortSignal = ending): Promise<void> =>
    sleep(times.poll, undefined, { signal }).catch(() => undefined)

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

  /** Nothing is under way on the broker that is left, or what is was abandoned. Reports whenever it gets stuck or goes on. */
  async function empty(job: Job, onStuck: (stuck: boolean) => void): Promise<void> {
    const { from, progress, cancel } = job
    progress.detail('stops bursts and redrives')
    const left = await drain({
      from,
      stopSources: ports.gate.stopSources,
      underWay() {
        const { publishes, bursts } = ports.gate.inFlight()
        return { publishes, bursts: bursts.length }
      },
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
      onStuck,
    })
    if (left) progress.patch({ abandoned: left })
    progress.detail(left ? 'what was left stays behind' : 'nothing is left')
  }

  /** A broker that has just started may refuse for a moment what it takes soon after. */
  async function wire({ to, progress }: Job, broker: Broker): Promise<void> {
    for (const deadline = now() + times.wire; ; await pause()) {
      ending.throwIfAborted()
      const left = Math.max(deadline - now(), 1)
      const declared = within(broker.declare(ports.wiring()), left, `${to} did not take the wiring`)
      const reason = await declared.then(() => undefined, reasonOf)
      if (reason === undefined) return progress.detail('topics, queues and bindings are there')
      if (now() >= deadline) throw new Error(reason)
      progress.detail(`tries again: ${reason}`)
    }
  }

  /** All replicas run on the other broker, as ordered. */
  async function untilMoved({ to, progress }: Job): Promise<void> {
    for (const deadline = now() + times.workers; ; await pause()) {
      ending.throwIfAborted()
      const missing = missingOn(to, ports.services(), ports.counts())
      if (missing === undefined) break
      const hopeless = hopelessOn(to, ports.services())
      if (hopeless !== undefined) throw new Error(hopeless)
      if (now() >= deadline) throw new Error(`not all workers came up within ${times.workers / 1_000} s: ${missing}`)
      progress.detail(missing)
    }
    progress.detail('all replicas are up')
  }

  return { pause, prepare, empty, wire, untilMoved }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
