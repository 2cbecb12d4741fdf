import type { BrokerSwitchboard } from '../broker/broker-switch.ts'
import type { Bursts } from '../publish/bursts.ts'
import type { Act } from './act.ts'

type Board = Pick<BrokerSwitchboard, 'request' | 'state' | 'latest'>

/** How often a switch is looked at until it has ended, in milliseconds. */
const lookEveryMs = 100

/**
 * The switchboard, which tells of switches: of what was asked at once, and at their end of how they went, with when the lab ceased to take
 * messages, and of the bursts that they stopped.
 */
export function recordedSwitch(
  broker: Board,
  { bursts, tell, now }: { bursts: Pick<Bursts, 'recent'>; tell: (act: Act) => void; now: () => number },
): Board {
  const follow = (startedAt: string): void => {
    const running = new Set<string>()
    const look = (): void => {
      const view = broker.latest()
      for (const { id, state } of bursts.recent()) if (state === 'running') running.add(id)
      if (view?.startedAt === startedAt && view.outcome === undefined) return
      clearInterval(timer)
      if (view?.startedAt !== startedAt || view.outcome === undefined) return
      const drain = view.steps.find(({ name }) => name === 'drain')?.startedAt
      const { to, outcome, reason } = view
      const at = Date.parse(drain ?? view.endedAt ?? startedAt)
      tell({ kind: 'switched', at, broker: to, outcome, ...(reason === undefined ? {} : { reason }) })
      for (const { id, attempted, requested } of bursts.recent())
        if (running.has(id) && attempted < requested) tell({ kind: 'burstEnd', at: now(), id, attempted })
    }
    const timer = setInterval(look, lookEveryMs).unref()
    look()
  }
  return {
    ...broker,
    async request(input) {
      const at = now()
      const joins = broker.state() !== 'ready'
      const begun = await broker.request(input)
      const view = broker.latest()
      // One that was cancelled says so when it ends.
      if (!begun || view?.to !== input.broker) return begun
      const { abandon = false } = input
      tell({ kind: 'broker', at, broker: view.to, ...(abandon ? { abandon } : {}), ...(joins ? { joins } : {}) })
      if (!joins) follow(view.startedAt)
      return begun
    },
  }
}
