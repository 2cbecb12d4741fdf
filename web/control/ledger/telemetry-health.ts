import { sampleLimit } from '#contracts/api/ledger.ts'

/** The sidecar that a service had last, and whether it has handed over all that it had. */
export interface SidecarHealth {
  service: string
  id: string
  handedOver: boolean
}

export interface HealthState {
  gaps: [service: string, frames: number][]
  cutOff: [service: string, sidecars: number][]
  /** Absent in checkpoints of former versions. */
  sidecars?: SidecarHealth[]
  repeated: [instance: string, records: number][]
  /** Absent in checkpoints from before there were audits. */
  untold?: [group: string, obligations: number][]
  /** Absent in checkpoints of former versions. */
  repeatedIds?: [instance: string, ids: string[]][]
  /** Epoch milliseconds; absent if there was none. */
  auditedAt?: number | undefined
  vouchesSince?: number | undefined
}

/** What is wrong with telemetry itself, by who reports it: an incomplete or doubtful witness proves nothing. */
export class TelemetryHealth {
  readonly #sidecarOf: (service: string) => string

  /** `sidecarOf`: who carries the telemetry of a service. Default: the sidecar of its name. */
  constructor(sidecarOf: (service: string) => string = (service) => service) {
    this.#sidecarOf = sidecarOf
  }

  /** Frames that never came, by service. */
  readonly missing = new Map<string, number>()
  /** Sidecars that ended without handing over what they had read, by service. */
  readonly cutOff = new Map<string, number>()
  /** The same since this process began, whether or not an audit has made up for it. */
  readonly lostSidecars = new Map<string, number>()
  /** By service. */
  readonly sidecars = new Map<string, SidecarHealth>()
  /** Records that were reported twice in different frames, by instance. */
  readonly repeated = new Map<string, number>()
  /** Obligations that another witness has as settled and which telemetry never reported, by group. */
  readonly unreported = new Map<string, number>()
  /** The first messages that such records spoke of. */
  readonly repeatedIds = new Map<string, string[]>()

  /** When an audit last compared the witnesses, epoch milliseconds. */
  auditedAt: number | undefined
  /** Until when an audit has accounted for everything, although telemetry had a gap; epoch milliseconds. */
  vouchesSince: number | undefined

  /**
   * An audit compared the witnesses at `at`. Where it accounts for everything, what never came is made up for, with the obligations of
   * groups whose telemetry had a gap.
   */
  audited(at: number, accounts: boolean): void {
    this.auditedAt = at
    if (!accounts || !this.hasAnyGap) return
    for (const group of [...this.unreported.keys()]) if (this.hasGap(group)) this.unreported.delete(group)
    this.missing.clear()
    this.cutOff.clear()
    this.vouchesSince = at
  }

  /** Whether telemetry has a gap that no audit has made up for. */
  get hasAnyGap(): boolean {
    return this.missing.size + this.cutOff.size > 0
  }

  addMissing(service: string, frames: number): void {
    const count = (this.missing.get(service) ?? 0) + frames
    if (count > 0) this.missing.set(service, count)
    else this.missing.delete(service)
  }

  /** A sidecar came, or has handed over everything. True if one before it had not: what that one had is gone. */
  takeSidecar(sidecar: SidecarHealth): boolean {
    const { service, id } = sidecar
    const last = this.sidecars.get(service)
    const isCutOff = last !== undefined && last.id !== id && !last.handedOver
    if (isCutOff) {
      for (const counts of [this.cutOff, this.lostSidecars]) counts.set(service, (counts.get(service) ?? 0) + 1)
    }
    this.sidecars.set(service, sidecar)
    return isCutOff
  }

  addRepeated(instance: string, id: string): void {
    this.repeated.set(instance, (this.repeated.get(instance) ?? 0) + 1)
    const ids = this.repeatedIds.get(instance) ?? []
    if (ids.length < sampleLimit && !ids.includes(id)) this.repeatedIds.set(instance, [...ids, id])
  }

  addUnreported(group: string): void {
    this.unreported.set(group, (this.unreported.get(group) ?? 0) + 1)
  }

  hasGap(service: string): boolean {
    return this.missing.has(service) || this.cutOff.has(this.#sidecarOf(service))
  }

  state(): HealthState {
    return {
      gaps: [...this.missing],
      cutOff: [...this.cutOff],
      sidecars: [...this.sidecars.values()],
      repeated: [...this.repeated],
      repeatedIds: [...this.repeatedIds],
      untold: [...this.unreported],
      auditedAt: this.auditedAt,
      vouchesSince: this.vouchesSince,
    }
  }

  restore(state: HealthState): void {
    const { gaps, cutOff, sidecars = [], repeated, repeatedIds = [], untold = [] } = state
    this.auditedAt = state.auditedAt
    this.vouchesSince = state.vouchesSince
    for (const [service, frames] of gaps) this.missing.set(service, frames)
    for (const [service, count] of cutOff) this.cutOff.set(service, count)
    for (const sidecar of sidecars) this.sidecars.set(sidecar.service, sidecar)
    for (const [instance, records] of repeated) this.repeated.set(instance, records)
    for (const [instance, ids] of repeatedIds) this.repeatedIds.set(instance, ids)
    for (const [group, obligations] of untold) this.unreported.set(group, obligations)
  }
}
