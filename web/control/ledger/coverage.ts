/** What a worker wrote may still be in the pipe to its sidecar for so long, in milliseconds. */
export const pipeMs = 250

interface Source {
  connected: boolean
  /** The last push was asked for at this moment: what it holds was assembled later. */
  askedAt: number
  /** Everything that the service reported up to this moment has arrived; by the control plane's clock. */
  coveredAt: number | undefined
}

/**
 * The telemetry watermark. It needs no common clock: a sidecar sends the next frames only after the former ones were
 * acknowledged, and says how many it keeps back. So a push that leaves nothing behind holds everything that its workers
 * had written when the acknowledgement before it was sent.
 */
export class Coverage {
  readonly #sources = new Map<string, Source>()
  readonly #sidecarOf: (service: string) => string

  /** `sidecarOf`: who carries the telemetry of a service. Default: the sidecar of its name. */
  constructor(sidecarOf: (service: string) => string = (service) => service) {
    this.#sidecarOf = sidecarOf
  }

  connected(service: string, at: number): void {
    const known = this.#sources.get(service)
    this.#sources.set(service, { connected: true, askedAt: at, coveredAt: known?.coveredAt })
  }

  disconnected(service: string): void {
    const source = this.#sources.get(service)
    if (source) source.connected = false
  }

  /** The lab declares it no more: nothing is waited for. */
  forget(service: string): void {
    this.#sources.delete(service)
  }

  /** Frames came, and are acknowledged at `at`; `left` of them the sidecar has still to send. */
  pushed(service: string, left: number | undefined, at: number): void {
    const source = this.#sources.get(service)
    if (!source) return
    if (left === 0) source.coveredAt = Math.max(source.coveredAt ?? 0, source.askedAt - pipeMs)
    source.askedAt = at
  }

  /** Moment up to which nothing of the service is missing; undefined if it was never heard whole. */
  of(service: string): number | undefined {
    return this.#sources.get(this.#sidecarOf(service))?.coveredAt
  }

  /** Whether its sidecar was ever connected. */
  knows(service: string): boolean {
    return this.#sources.has(this.#sidecarOf(service))
  }

  /** The oldest of all services; undefined if one of them was never heard whole, or none is known. */
  oldest(): number | undefined {
    let oldest: number | undefined
    for (const { coveredAt } of this.#sources.values()) {
      if (coveredAt === undefined) return undefined
      oldest = Math.min(oldest ?? coveredAt, coveredAt)
    }
    return oldest
  }

  list(): { service: string; connected: boolean; coveredAt: number | undefined }[] {
    return [...this.#sources].map(([service, { connected, coveredAt }]) => ({ service, connected, coveredAt }))
  }
}
