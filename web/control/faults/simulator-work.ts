import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { KeptFault } from './fault-store.ts'
import { type SimulatorFaults, SimulatorGone } from './simulator-faults.ts'

/** What the simulator calls a fault that it carries out; undefined for all others. */
export const simulatedOf = (type: string): string | undefined =>
  definitionOf(type)?.carriedBy.find(({ by }) => by === 'simulator')?.simulated

const lookEveryMs = 500
/** The simulator ends each by itself after an hour; one that lasts longer is put in force again. */
const longestMs = 3_600_000

export interface SimulatorWork {
  /** Does next what the fault wants: puts it in force, counts its hits, puts it in force again in a simulator that was restarted, heals it. */
  (entry: KeptFault): void
  /** Whether it is in force, as far as was heard. */
  inPlace(id: string): boolean
}

/** Lets the simulator carry faults out, one thing at a time for each. `change` is called with what became of it, `now` says the time. */
export function createSimulatorWork(
  simulator: SimulatorFaults,
  change: (entry: KeptFault, next: Partial<Fault>) => void,
  now: () => number,
): SimulatorWork {
  const atWork = new Set<string>()
  const placed = new Set<string>()
  const lookAt = new Map<string, number>()
  const iso = () => new Date(now()).toISOString()

  async function put(entry: KeptFault, broker: BrokerName): Promise<void> {
    const { fault } = entry
    const left = fault.endsAt === undefined ? longestMs : Date.parse(fault.endsAt) - now()
    if (left <= 0) return
    await simulator.inject(broker, requestOf(fault, Math.min(left, longestMs)))
    placed.add(fault.id)
  }

  /** False if the simulator does not have it. */
  async function count(entry: KeptFault, broker: BrokerName): Promise<boolean> {
    const { id } = entry.fault
    const found = (await simulator.list(broker)).find((one) => one.id === id)
    if (found === undefined) return false
    // Put in force again, it counts from 0 again.
    entry.hitsBy[`since ${found.since}`] = found.hits
    const hits = Object.values(entry.hitsBy).reduce((sum, some) => sum + some, 0)
    const { state, observedAt } = entry.fault
    if (hits === entry.fault.hits) return true
    change(entry, {
      hits,
      ...(observedAt === undefined ? { observedAt: iso() } : {}),
      ...(state === 'injecting' ? { state: 'active' } : {}),
    })
    return true
  }

  async function step(entry: KeptFault): Promise<void> {
    const { fault } = entry
    const { id } = fault
    const broker = brokerName.parse(fault.target.broker)
    try {
      if (fault.state === 'healing') {
        await count(entry, broker)
        await simulator.heal(broker, id)
        change(entry, { state: 'healed', healedAt: iso() })
      } else if (!(await count(entry, broker))) await put(entry, broker)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const { state } = entry.fault
      if (state === 'healing' && error instanceof SimulatorGone) change(entry, { state: 'healed', healedAt: iso() })
      else if (state === 'injecting' && !placed.has(id)) change(entry, { state: 'failed', reason })
      else if (entry.fault.reason !== waitsFor(reason)) change(entry, { reason: waitsFor(reason) })
    }
  }

  function work(entry: KeptFault): void {
    const { id, state } = entry.fault
    // Healing begins at once, looking is done now and then.
    const key = `${id} ${state === 'healing'}`
    if (atWork.has(id) || (lookAt.get(key) ?? 0) > now()) return
    atWork.add(id)
    lookAt.set(key, now() + lookEveryMs)
    void step(entry).finally(() => {
      atWork.delete(id)
      if (entry.fault.state !== 'healed' && entry.fault.state !== 'failed') return
      placed.delete(id)
      for (const healing of [true, false]) lookAt.delete(`${id} ${healing}`)
    })
  }
  return Object.assign(work, { inPlace: (id: string) => placed.has(id) })
}

const waitsFor = (reason: string): string => `waits for the simulator: ${reason}`

function requestOf(
  { id, type, percent, seed, params }: Fault,
  forMs: number,
): Record<string, unknown> & { id: string } {
  const { status, ...others } = params
  const given = Object.entries(others).filter(([, value]) => value !== '')
  return {
    ...Object.fromEntries(given),
    ...(status === undefined ? {} : { status: Number(status) }),
    ...{ id, type: simulatedOf(type), percent, seed, forMs },
  }
}
