import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { openEventLog } from '../event-log/event-log.ts'
import { initialLab } from '../lab/declared-lab.ts'
import type { BrokerPower } from './broker-power.ts'
import { createFaultStore } from './fault-store.ts'
import { faultTargets } from './fault-targets.ts'
import { type Faults, openFaults } from './faults.ts'
import { simulatorFaultLink } from './simulator-faults.ts'

export const log = pino({ level: 'silent' })
export const faultServices = ['producer', 'consumer-email', 'consumer-db']

/** Sidecars as the control plane sees them: they apply what they are sent and report it, once a push and whenever `speak` is called. */
export function fakeSidecars() {
  const held = new Map<string, HeldFault[]>()
  const observed = new Map<string, number>()
  const everHeld: string[] = []
  let faults: Faults | undefined
  const statusOf = ({ id }: HeldFault): HeldFaultStatus => {
    const observedAt = observed.get(id)
    return observedAt === undefined ? { id, state: 'armed', hits: 0 } : { id, state: 'active', observedAt, hits: 1 }
  }
  const speak = (service: string): void => faults?.takeStatus(service, (held.get(service) ?? []).map(statusOf))
  return {
    ...{ held, observed, everHeld, speak },
    idsOf: (service: string) => (held.get(service) ?? []).map(({ id }) => id),
    /** Connects all, and speaks for each after every push, as real ones do. */
    join(control: Faults) {
      faults = control
      for (const service of faultServices) control.takeConnected(service, true)
    },
    push: async (service: string, orders: HeldFault[]) => {
      held.set(service, orders)
      everHeld.push(...orders.map(({ id }) => id))
      setImmediate(() => speak(service))
      return { ok: true }
    },
  }
}

/** A control plane's faults over such sidecars; closed at the end of the test. */
export async function openFaultLab(
  folder: string,
  options: { power?: BrokerPower; connect?: boolean; now?: () => number } = {},
) {
  const sidecars = fakeSidecars()
  const events = await openEventLog(join(folder, 'events.jsonl'), log)
  const faults = await openFaults({
    store: createFaultStore(join(folder, 'faults.json'), log),
    events,
    targets: () => faultTargets(defaultLab, initialLab(defaultLab), [], 'local'),
    accepts: async () => false,
    power: options.power ?? {
      able: () => false,
      down: async () => undefined,
      pause: async () => undefined,
      back: async () => undefined,
    },
    simulator: simulatorFaultLink(() => undefined),
    push: sidecars.push,
    log,
    ...(options.now === undefined ? {} : { now: options.now }),
  })
  onTestFinished(() => faults.close())
  if (options.connect !== false) sidecars.join(faults)
  return { faults, sidecars, events }
}
export const faultStateOf = (faults: Faults, id: string) => () => faults.get(id).state
