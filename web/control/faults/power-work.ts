import { brokerName } from '#contracts/brokers/broker-name.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { type BrokerPower, carrierOf } from './broker-power.ts'
import type { KeptFault } from './fault-store.ts'

const powerAgainMs = 1_000

/**
 * Lets the supervisor do what faults of the broker want next, one thing at a time for each. `change` is called with what became of it,
 * `now` says the time. A broker takes a while to stop (Kafka hands its partitions over), so a fault with a duration ends that long after
 * the broker is away, and not after it was asked to go; and one that was healed meanwhile has taken effect too.
 */
export function createPowerWork(
  power: BrokerPower,
  change: (entry: KeptFault, next: Partial<Fault>) => void,
  now: () => number,
) {
  const iso = (at = now()): string => new Date(at).toISOString()
  /** Ids of faults that it is at work on. */
  const atWork = new Set<string>()

  async function work(entry: KeptFault): Promise<void> {
    const { id, type, state } = entry.fault
    const broker = brokerName.parse(entry.fault.target.broker)
    if (state !== 'injecting' && state !== 'healing') return
    atWork.add(id)
    try {
      if (state === 'healing') {
        await power.back(broker)
        change(entry, { state: 'healed', healedAt: iso() })
      } else {
        await power[carrierOf(type, false)?.power ?? 'down'](broker)
        const seen = { observedAt: iso(), hits: 1 }
        const { durationMs } = entry.fault
        const endsAt = durationMs === undefined ? {} : { endsAt: iso(now() + durationMs) }
        if (entry.fault.state === 'injecting') change(entry, { ...seen, ...endsAt, state: 'active' })
        else if (entry.fault.observedAt === undefined) change(entry, seen)
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (entry.fault.state === 'injecting') change(entry, { state: 'failed', reason })
      else {
        change(entry, { reason: `waits for the broker: ${reason}` })
        await new Promise((resolve) => setTimeout(resolve, powerAgainMs))
      }
    } finally {
      atWork.delete(id)
    }
  }

  return (entry: KeptFault): void => {
    if (!atWork.has(entry.fault.id)) void work(entry)
  }
}
