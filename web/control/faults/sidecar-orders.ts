import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import type { FaultsReply } from '#contracts/protocols/agent.ts'

/** The faults that one sidecar was sent, and what it reported since. */
interface Line {
  connected: boolean
  /** Counts orders; the newest one, and the newest one that was confirmed. */
  sent: number
  confirmed: number
  /** The newest orders that it had confirmed when it last reported its status. */
  heard: number
  statuses: HeldFaultStatus[]
  dirty: boolean
}

/** Sends every sidecar the faults that it has to apply, at each change. Changes made in one turn of the event loop are one message. */
export interface SidecarOrders {
  /** What this service holds has changed. Answers the number of the orders that will say so. */
  changed(service: string): number
  connected(service: string, isConnected: boolean): void
  takeStatus(service: string, statuses: HeldFaultStatus[]): void
  /** `heard`: its statuses are by these orders or newer ones; 0 while it is away. */
  of(service: string): { heard: number; statuses: readonly HeldFaultStatus[] }
}

export interface SidecarOrdersOptions {
  heldBy: (service: string) => HeldFault[]
  /** Rejects if the sidecar is away or does not answer. */
  push: (service: string, faults: HeldFault[]) => Promise<FaultsReply>
  onRefused: (service: string, reason: string) => void
}

const pushAgainMs = 500

export function createSidecarOrders({ heldBy, push, onRefused }: SidecarOrdersOptions): SidecarOrders {
  const lines = new Map<string, Line>()

  function lineOf(service: string): Line {
    let line = lines.get(service)
    if (!line) {
      line = { connected: false, sent: 0, confirmed: 0, heard: 0, statuses: [], dirty: false }
      lines.set(service, line)
    }
    return line
  }

  function send(service: string): number {
    const line = lineOf(service)
    if (line.dirty) return line.sent + 1
    line.dirty = true
    setImmediate(() => {
      line.dirty = false
      line.sent += 1
      const mine = line.sent
      if (!line.connected) return
      push(service, heldBy(service)).then(
        (reply) => {
          if (reply.ok) line.confirmed = Math.max(line.confirmed, mine)
          else onRefused(service, reply.error ?? 'no reason was given')
        },
        () => {
          // One that is gone gets its orders when it comes back; one that is only slow gets them again.
          if (line.connected && mine === line.sent) setTimeout(() => send(service), pushAgainMs).unref()
        },
      )
    })
    return line.sent + 1
  }

  return {
    changed: send,
    connected(service, isConnected) {
      const line = lineOf(service)
      line.connected = isConnected
      line.confirmed = 0
      line.heard = 0
      if (isConnected) send(service)
    },
    takeStatus(service, statuses) {
      const line = lineOf(service)
      line.statuses = statuses
      line.heard = line.confirmed
    },
    of(service) {
      const { connected, heard, statuses } = lineOf(service)
      return { heard: connected ? heard : 0, statuses }
    },
  }
}
