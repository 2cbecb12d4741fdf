import type { ServiceStatus } from '#contracts/api/live.ts'
import type { AgentStatus } from '#contracts/protocols/agent.ts'
import type { GaugesRecord } from '#contracts/protocols/telemetry.ts'

type Gauges = ServiceStatus['gauges'][number]

interface Service {
  connected: boolean
  status: AgentStatus | undefined
  sharedBy?: string | undefined
  /** As it is listed, until something of it changes. */
  shown?: ServiceStatus | undefined
  gauges: Map<string, { at: number; gauges: Gauges }>
}

/** Gauges of a process that has not reported for this long, in milliseconds, are not shown. */
const gaugesKeptMs = 5_000

/** What is known of each worker; one whose sidecar is gone keeps its last state, with `connected` false. */
export class ServiceRegistry {
  readonly #services = new Map<string, Service>()
  /** By name; undefined if one came or went. */
  #sorted: [string, Service][] | undefined
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  setConnected(name: string, connected: boolean): void {
    this.#service(name).connected = connected
  }

  /** Removes a service that the lab no longer declares. */
  forget(name: string): void {
    this.#services.delete(name)
    this.#sorted = undefined
  }

  /** `sharedBy`: the sidecar whose one process hosts it among others; absent if it has one of its own. */
  takeStatus(status: AgentStatus, sharedBy?: string): void {
    const service = this.#service(status.service)
    service.status = status
    service.sharedBy = sharedBy
  }

  isConnected(name: string): boolean {
    return this.#services.get(name)?.connected ?? false
  }

  takeGauges({ service, instance, eventLoopLagMs, rssBytes, heapUsedBytes, cpu, inHand }: GaugesRecord): void {
    const gauges = { instance, eventLoopLagMs, rssBytes, heapUsedBytes, cpu, inHand }
    this.#service(service).gauges.set(instance, { at: this.#now(), gauges })
  }

  /** Telemetry frames that sidecars had to drop since they started. */
  droppedFrames(): { service: string; count: number }[] {
    return [...this.#services].flatMap(([service, { status }]) =>
      status && status.droppedFrames > 0 ? [{ service, count: status.droppedFrames }] : [],
    )
  }

  /** `wanted`: replicas that each shall have, where that is known. What has not changed is the same value as before. */
  list(wanted: Record<string, number> = {}): ServiceStatus[] {
    const oldest = this.#now() - gaugesKeptMs
    this.#sorted ??= [...this.#services].sort(([a], [b]) => (a < b ? -1 : 1))
    return this.#sorted.map(([name, service]) => {
      for (const [instance, { at }] of service.gauges) {
        if (at >= oldest) continue
        service.gauges.delete(instance)
        service.shown = undefined
      }
      if (service.shown === undefined || service.shown.wanted !== wanted[name])
        service.shown = shownOf(name, service, wanted[name])
      return service.shown
    })
  }

  #service(name: string): Service {
    let service = this.#services.get(name)
    if (!service) {
      service = { connected: false, status: undefined, gauges: new Map() }
      this.#services.set(name, service)
      this.#sorted = undefined
    }
    service.shown = undefined
    return service
  }
}

function shownOf(name: string, service: Service, wanted: number | undefined): ServiceStatus {
  const { connected, status, sharedBy, gauges } = service
  return {
    ...{ name, connected },
    ...(wanted === undefined ? {} : { wanted }),
    ...(sharedBy === undefined ? {} : { sharedBy }),
    ...(status?.problem === undefined ? {} : { problem: status.problem }),
    replicas: status?.replicas ?? [],
    links: status?.links ?? [],
    ...(status?.metricsAddress === undefined ? {} : { metricsAddress: status.metricsAddress }),
    gauges: [...gauges.values()].map((entry) => entry.gauges),
  }
}
