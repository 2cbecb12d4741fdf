import { type ConsumerDeclaration, consumersIn, isShared, sharedHost, sidecarOf } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { HostedService } from '#contracts/protocols/agent.ts'

/** Holds the lab that is declared now. Whoever needs it asks each time, or is called when it changes. */
export interface LabHolder {
  /** The same value until the lab changes. */
  declaration(): LabDeclaration
  /** Its services that receive; the same value until the lab changes. */
  consumers(): readonly ConsumerDeclaration[]
  /** The sidecar that answers for a service. */
  sidecarOf(service: string): string
  /** Whether a sidecar of this name belongs to the lab. */
  isSidecar(name: string): boolean
  /** Services that this sidecar hosts in one process; undefined if it is the sidecar of one. The same value until the lab changes. */
  hosted(sidecar: string): HostedService[] | undefined
  /** From now on this is the lab. Listeners are called before it returns. */
  replace(next: LabDeclaration): void
  onChange(listener: (next: LabDeclaration, before: LabDeclaration) => void): void
}

export function createLabHolder(first: LabDeclaration): LabHolder {
  let declaration = first
  let consumers = consumersIn(first)
  let places = placesIn(first)
  const listeners: ((next: LabDeclaration, before: LabDeclaration) => void)[] = []
  return {
    declaration: () => declaration,
    consumers: () => consumers,
    sidecarOf: (service) => places.sidecars.get(service) ?? service,
    isSidecar: (name) => places.names.has(name),
    hosted: (sidecar) => (sidecar === sharedHost ? places.hosted : undefined),
    replace(next) {
      const before = declaration
      declaration = next
      consumers = consumersIn(next)
      places = placesIn(next)
      for (const listener of listeners) listener(next, before)
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

/** Which sidecar each service has, and what the one of those that share a process hosts. */
function placesIn({ services, hopLimit }: LabDeclaration) {
  const sidecars = new Map(services.map((service) => [service.name, sidecarOf(service)]))
  const shared = services.filter(isShared)
  const sentOutside = new Set(services.flatMap((service) => (isShared(service) ? [] : service.sends)))
  const hosted = shared.map(
    ({ name, body, concurrency, receives }): HostedService => ({
      ...{ name, body, concurrency, hopLimit },
      fromOutside: receives.some((type) => sentOutside.has(type)),
    }),
  )
  return { sidecars, hosted, names: new Set(sidecars.values()) }
}
