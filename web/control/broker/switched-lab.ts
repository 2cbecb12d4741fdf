import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerSwitch, LabBrokerInput } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerSwitchboard } from './broker-switch.ts'

/** How a switch went that somebody waited for. */
export interface Switched {
  /** The broker that the lab left; undefined if it ran on the wanted one already. */
  from: BrokerName | undefined
  tookMs: number
  /** Unsettled messages that stayed on the former broker, since the switch did not wait for them. */
  abandoned: number
}

export interface SwitchWait {
  abandon: boolean
  /** How long the switch may take, in milliseconds. It is cancelled then, if it still can be. */
  timeoutMs: number
  /** Cancels the switch, if it still can be. */
  signal?: AbortSignal
}

export type SwitchedLab = (to: BrokerName, how: SwitchWait) => Promise<Switched>

/**
 * Asks the switchboard for a broker as a user does, and resolves when the lab runs on it and takes messages again. Rejects with the
 * reason where the switch was refused, was cancelled, was rolled back, or did not end in time; no switch is under way then, unless
 * workers that were ordered to move are still on their way after `lastMs`.
 */
export function createSwitchedLab(
  switchboard: Pick<BrokerSwitchboard, 'request' | 'state' | 'latest'>,
  { now = Date.now, pollMs = 50, lastMs = 120_000 }: { now?: () => number; pollMs?: number; lastMs?: number } = {},
): SwitchedLab {
  const isOver = (begun: BrokerSwitch): boolean =>
    switchboard.latest()?.startedAt !== begun.startedAt || switchboard.state() === 'ready'

  /** Cancelled as on the screen: by asking for the broker that it leaves. One that cannot be any more goes on. */
  const cancel = (broker: BrokerName): Promise<unknown> =>
    switchboard.request({ broker } satisfies LabBrokerInput).catch(() => undefined)

  return async (to, { abandon, timeoutMs, signal }) => {
    const beganAt = now()
    const deadline = beganAt + timeoutMs
    // A former process may have left workers on their way back.
    while (switchboard.state() === 'rolling_back' && now() < deadline && !signal?.aborted) await sleep(pollMs)
    if (!(await switchboard.request({ broker: to, abandon })))
      return { from: undefined, tookMs: now() - beganAt, abandoned: 0 }
    const begun = switchboard.latest()
    if (!begun) throw new Error(`the switch to ${to} is not known`)
    let late: string | undefined
    for (; !isOver(begun); await sleep(pollMs)) {
      if (late !== undefined && now() >= deadline + lastMs) throw new Error(`${late}, and could not be cancelled`)
      if (late !== undefined || (now() < deadline && !signal?.aborted)) continue
      late = signal?.aborted
        ? `the switch to ${to} was cut short`
        : `the switch to ${to} did not end within ${timeoutMs / 1_000} s${doing(switchboard.latest())}`
      await cancel(begun.from)
    }
    const end = switchboard.latest()
    if (end?.startedAt !== begun.startedAt) throw new Error(`another switch followed that to ${to} at once`)
    if (end.outcome === 'done') return { from: end.from, tookMs: now() - beganAt, abandoned: messagesIn(end.abandoned) }
    const why = end.reason === undefined ? '' : `: ${end.reason}`
    throw new Error(late ?? `the switch to ${to} was ${end.outcome === 'cancelled' ? 'cancelled' : 'taken back'}${why}`)
  }
}

function doing(view: BrokerSwitch | undefined): string {
  const running = view?.steps.find(({ state }) => state === 'running')
  return running ? ` (${running.name}${running.detail === undefined ? '' : `: ${running.detail}`})` : ''
}

/** By the ledger, or by the broker where it holds more. */
const messagesIn = (left: BrokerSwitch['abandoned']): number =>
  left?.groups.reduce((sum, { messages, inBroker }) => sum + Math.max(messages, inBroker ?? 0), 0) ?? 0
