import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Fault } from '#contracts/faults/fault.ts'

/** Where a fault is drawn, in one word. */
export const subjectOf = ({ target }: Pick<Fault, 'target'>): string =>
  target.link ?? target.instance ?? target.service ?? target.eventType ?? 'broker'

/** The event-log entry of a fault that has just come to its state. */
export function faultEntry(fault: Fault): Omit<EventLogEntry, 'seq' | 'at'> {
  const { type, id, how, reason } = fault
  const subject = subjectOf(fault)
  const on = `${type} on ${subject}${how === undefined ? '' : ` (${how})`}`
  const because = reason === undefined ? '' : `: ${reason}`
  const words: Record<Fault['state'], string> = {
    scheduled: `${on} is scheduled for ${fault.startAt}`,
    injecting: `${on} is being injected`,
    active: `${on} takes effect`,
    healing: `${on} is being healed`,
    healed: `${on} is healed${because}`,
    failed: `${on} could not be injected${because}`,
  }
  const level =
    fault.state === 'failed' ? 'error' : fault.state === 'injecting' || fault.state === 'active' ? 'warn' : 'info'
  return { kind: 'fault', level, message: words[fault.state], subject, faultId: id }
}
