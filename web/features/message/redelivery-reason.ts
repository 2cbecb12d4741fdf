import type { Attempt, Journey } from '#contracts/api/journey.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { faultName } from '../faults/fault-words.ts'
import { effectOf, faultsOn } from './message-faults.ts'

/**
 * Why a message was handed out again after an attempt that did not ask for it; undefined where nothing tells. What the
 * sidecar saw (`endedBy`) goes before what only happened at the same time.
 */
export function redeliveryReason(
  journey: Journey,
  group: string,
  previous: Attempt,
  next: Pick<Attempt, 'startedAt'>,
  faults: readonly Fault[],
): string | undefined {
  if (previous.outcome === 'error') return undefined
  const until = Date.parse(next.startedAt)
  // It was in the hands of that worker before its handler began.
  const since = Date.parse(previous.startedAt) - previous.queueMs
  const { instance, endedBy, fencedAt } = previous
  const during = faultsOn(group, [instance], journey, faults).filter((fault) => {
    const effect = effectOf(fault, until)
    return effect !== undefined && effect.from <= until && effect.to >= since
  })
  const find = (...types: string[]): Fault | undefined => during.find(({ type }) => types.includes(type))
  const expired = journey.broker === 'kafka' ? 'session expired' : 'visibility timed out'
  if (endedBy !== undefined) {
    if (find('process.kill')) return `${expired} after kill of ${instance}`
    if (find('process.shutdown')) return `given back at the shutdown of ${instance}`
    return `${expired} after ${instance} ended (${endedBy.how})`
  }
  const duplicate = find('message.duplicate')
  if (duplicate) return `duplicated by ${faultName(duplicate)}`
  if (find('process.pause')) return `${expired} while ${instance} was paused`
  if (find('process.block')) return `${expired} while ${instance} was blocked`
  if (find('process.shutdown')) return `given back at the shutdown of ${instance}`
  const lost = find('ack.lost')
  if (lost) return `its acknowledgement was lost: ${faultName(lost)}`
  const cut = during.find(({ type, target }) => target.broker !== undefined || isBrokerLink(type, target.link))
  if (cut) return `${expired} under ${faultName(cut)}`
  return fencedAt === undefined ? undefined : `${expired}: the broker gave it to another`
}

const isBrokerLink = (type: string, link: string | undefined): boolean =>
  type.startsWith('link.') && link?.endsWith('->broker') === true
