import type { HeldFault } from '#contracts/faults/held-fault.ts'
import { isVictim, victimName } from '#contracts/faults/victims.ts'
import type { FaultObservedRecord } from '#contracts/protocols/telemetry.ts'

/** The faults in effect in this process, for the wrappers that carry them out. */
export interface ActiveFaults {
  /** Those of a type in effect now and concern this event type. Given no type: whatever they concern. */
  of(type: string, eventType?: string): HeldFault[]
  /** The same, and only those that this message is a victim of. */
  hitting(type: string, message: { id: string; type?: string | undefined; traceparent?: string }): HeldFault[]
  /** It took effect. The first time is reported at once, later ones together. */
  hit(fault: HeldFault, messageId?: string): void
  /** Hits of it so far. */
  hits(fault: HeldFault): number
  onChange(listener: () => void): void
}

export interface ActiveFaultsOptions {
  service: string
  instance: string
  /** Epoch milliseconds with a fraction. */
  now: () => number
  report: (record: FaultObservedRecord) => void
}

interface Count {
  hits: number
  reported: number
  /** Of the first hit since the last report. */
  at: number
  messages: string[]
}

const reportEveryMs = 1_000
const messagesMax = 20
const none: HeldFault[] = []

/** `take` replaces all faults at once. A fault whose time is over does nothing, whether it was taken away or not. */
export function createActiveFaults(options: ActiveFaultsOptions): ActiveFaults & { take(faults: HeldFault[]): void } {
  const { service, instance, now, report } = options
  const listeners: (() => void)[] = []
  const counts = new Map<string, Count>()
  let faults: HeldFault[] = none
  let isDue = false

  function reportAll(): void {
    isDue = false
    for (const [fault, count] of counts) {
      if (count.hits === count.reported) continue
      report({
        kind: 'fault.observed',
        at: count.at,
        service,
        instance,
        fault,
        hits: count.hits,
        messages: count.messages,
      })
      count.reported = count.hits
      count.messages = []
    }
  }

  function of(type: string, eventType?: string): HeldFault[] {
    // The hot path: nearly always no fault is in effect.
    if (faults.length === 0) return none
    const at = Date.now()
    return faults.filter(
      (fault) =>
        fault.type === type &&
        (fault.endsAt === undefined || at < fault.endsAt) &&
        (fault.eventType === undefined || eventType === undefined || fault.eventType === eventType),
    )
  }

  return {
    of,
    hitting(type, message) {
      const standing = of(type, message.type ?? '')
      if (standing.length === 0) return none
      const name = victimName(message.id, message.traceparent)
      return standing.filter((fault) => isVictim(fault, name))
    },
    hit(fault, messageId) {
      let count = counts.get(fault.id)
      if (!count) {
        count = { hits: 0, reported: 0, at: 0, messages: [] }
        counts.set(fault.id, count)
      }
      if (count.hits === count.reported) count.at = now()
      count.hits += 1
      if (messageId !== undefined && count.messages.length < messagesMax) count.messages.push(messageId)
      if (count.hits === 1) reportAll()
      else if (!isDue) {
        isDue = true
        setTimeout(reportAll, reportEveryMs).unref()
      }
    },
    hits: (fault) => counts.get(fault.id)?.hits ?? 0,
    onChange: (listener) => {
      listeners.push(listener)
    },
    take(next) {
      reportAll()
      faults = next
      const ids = new Set(next.map(({ id }) => id))
      for (const id of counts.keys()) if (!ids.has(id)) counts.delete(id)
      for (const listener of listeners) listener()
    },
  }
}
