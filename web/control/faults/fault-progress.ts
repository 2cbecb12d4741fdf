import type { Fault, FaultState } from '#contracts/faults/fault.ts'
import type { HeldFaultStatus } from '#contracts/faults/held-fault.ts'

/** What is heard of a fault from one sidecar that has to hold it. */
export interface Party {
  service: string
  /** It is connected, has the newest orders, and has spoken since. */
  upToDate: boolean
  /** Absent: its last status does not know the fault. */
  status: HeldFaultStatus | undefined
}

/** What changes of a fault; `{}`: nothing. */
export type Progress = Partial<Pick<Fault, 'state' | 'observedAt' | 'reason'>>

const iso = (at: number): string => new Date(at).toISOString()
const isOver = (party: Party): boolean =>
  party.upToDate && (party.status === undefined || party.status.state === 'ended' || party.status.state === 'failed')

/** How far a fault is, by what its sidecars say. Called for faults that are neither scheduled nor over. */
export function progressOf(fault: Pick<Fault, 'state' | 'observedAt'>, parties: readonly Party[]): Progress {
  const seen = parties.flatMap(({ status }) => status?.observedAt ?? [])
  const observedAt = fault.observedAt ?? (seen.length > 0 ? iso(Math.min(...seen)) : undefined)
  const observed = observedAt === fault.observedAt ? {} : { observedAt }
  if (fault.state === 'healing') {
    if (parties.every(isOver)) return { ...observed, state: 'healed' }
    return { ...observed, reason: waitingFor(parties) }
  }
  const failures = parties.filter(({ status }) => status?.state === 'failed')
  const why = failures.map(({ service, status }) => `${service}: ${status?.detail ?? 'no reason was given'}`).join('; ')
  if (failures.length > 0 && failures.length === parties.length) return { ...observed, state: 'failed', reason: why }
  const ended =
    parties.length > 0 && parties.every((party) => party.status?.state === 'ended' || party.status?.state === 'failed')
  const state: FaultState = ended ? 'healed' : observedAt === undefined ? 'injecting' : 'active'
  return { ...observed, state, ...(failures.length > 0 ? { reason: `only in part: ${why}` } : {}) }
}

function waitingFor(parties: readonly Party[]): string {
  const waiting = parties.filter((party) => !isOver(party))
  return `waits for ${waiting.map(({ service, status }) => `${service}${status?.detail ? ` (${status.detail})` : ''}`).join(', ')}`
}
