import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import { createFaultRunner, type FaultRunner } from '../faults/fault-runner.ts'
import { impossible } from '../faults/process-faults.ts'
import { createWorkerFaults, type WorkerFaults } from '../faults/worker-faults.ts'
import type { Replica } from '../replicas/replica.ts'

/** Faults of services that share a process: those that its runtime carries out for one of them alone. */
export interface SeatFaults {
  hold(service: string, wanted: readonly HeldFault[]): void
  /** What a new replica has to hold from its start. */
  of(service: string, instance: string): HeldFault[]
  status(service: string): HeldFaultStatus[]
  /** Services that are not among these hold nothing any more. */
  keep(services: ReadonlySet<string>): void
  /** Ends all; resolves when nothing is left of any, or after `withinMs`. */
  stop(withinMs: number): Promise<void>
}

export interface SeatFaultsOptions {
  replicas: (service: string) => readonly Pick<Replica, 'status' | 'send'>[]
  onChange: (service: string) => void
  onEvent: (level: 'info' | 'warn', message: string) => void
}

interface Holder {
  runner: FaultRunner
  workers: WorkerFaults
}

const shared = (): ReturnType<typeof impossible> =>
  impossible('it shares its process and links with other services: a fault of it would hit them too')

/** One runner a service, made with its first fault. */
export function createSeatFaults({ replicas, onChange, onEvent }: SeatFaultsOptions): SeatFaults {
  const holders = new Map<string, Holder>()

  function holderOf(service: string): Holder {
    const known = holders.get(service)
    if (known) return known
    const workers = createWorkerFaults(() => replicas(service))
    const runner = createFaultRunner({
      perform: {
        ...{ runtime: workers.perform, producer: workers.perform },
        ...{ 'sidecar-process': shared, 'sidecar-link': shared, supervisor: shared, simulator: shared },
      },
      onChange: () => onChange(service),
      onEvent: (level, message) => onEvent(level, `${service}: ${message}`),
    })
    const holder = { runner, workers }
    holders.set(service, holder)
    return holder
  }

  return {
    hold(service, wanted) {
      if (wanted.length > 0 || holders.has(service)) holderOf(service).runner.hold(wanted)
    },
    of: (service, instance) => holders.get(service)?.workers.of(instance) ?? [],
    status: (service) => holders.get(service)?.runner.status() ?? [],
    keep(services) {
      for (const [service, { runner }] of holders) {
        if (services.has(service)) continue
        runner.hold([])
        holders.delete(service)
      }
    },
    async stop(withinMs) {
      await Promise.all([...holders.values()].map(({ runner }) => runner.stop(withinMs)))
    },
  }
}
