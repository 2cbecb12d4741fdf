import type { ServiceStatus } from '#contracts/api/live.ts'
import type { AgentStatus } from '#contracts/protocols/agent.ts'
import type { GaugesRecord } from '#contracts/protocols/telemetry.ts'

type Gauges = ServiceStatus['gauges'][number]

interface Service {
  connected: boolean
  status: AgentStatus | undefined
  gauges: Map<string, { at: number; gauges: Gauges }>
}

/** Gauges of a process that has not reported for this long, in milliseconds, are not shown. */
const gaugesKeptMs = 5_000

/** What is known of each worker; one whose sidecar is gone keeps its last state, with `connected` false. */
export class ServiceRegistry {
  readonly #services = new Map<string, Service>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  setConnected(name: string, connected: boolean): void {
    this.#service(name).connected = connected
  }

  /** The lab declares it no more. */
  forget(name: string): void {
    this.#services.delete(name)
  }

  /** Whether its sidecar said, as the last thing, that all its replicas have stopped. */
  isStopped(name: string): boolean {
    const replicas = this.#services.get(name)?.status?.replicas
    return replicas?.every(({ state }) => state === 'stopped') ?? false
  }

  takeStatus(status: AgentStatus): void {
    this.#service(status.service).status = status
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

  /** `wanted`: replicas that each shall have, where that is known. */
  list(wanted: Record<string, number> = {}): ServiceStatus[] {
    const oldest = this.#now() - gaugesKeptMs
    return [...this.#services]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { connected, status, gauges }]) => {
        for (const [instance, { at }] of gauges) if (at < oldest) gauges.delete(instance)
        return {
          name,
          connected,
          ...(wanted[name] === undefined ? {} : { wanted: wanted[name] }),
          ...(status?.problem === undefined ? {} : { problem: status.problem }),
          replicas: status?.replicas ?? [],
          links: status?.links ?? [],
          ...(status?.metricsAddress === undefined ? {} : { metricsAddress: status.metricsAddress }),
          gauges: [...gauges.values()].map((entry) => entry.gauges),
        }
      })
  }

  #service(name: string): Service {
    let service = this.#services.get(name)
    if (!service) {
      service = { connected: false, status: undefined, gauges: new Map() }
      this.#services.set(name, service)
    }
    return service
  }
}
