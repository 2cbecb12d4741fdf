import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import { faultName } from '../../faults/fault-words.ts'
import { faultEffectOf, faultsOn } from './message-faults.ts'

/**
 * Why a message was handed out again after an attempt that did not ask for it; undefined if nothing says why. What the
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
    const effect = faultEffectOf(fault, until)
    return effect !== undefined && effect.from <= until && effect.to >= since
  })
  const { expired } = brokerOf(journey.broker).words
  const said = (text: string, fault: Fault): string =>
    text.replace('{expired}', expired).replace('{instance}', instance).replace('{fault}', faultName(fault))
  const reasons = during
    .filter(({ target: { link } }) => link === undefined || link.endsWith('->broker'))
    .flatMap((fault) => {
      const reason = definitionOf(fault.type)?.explains?.redelivery
      return reason === undefined ? [] : [{ fault, ...reason }]
    })
    .sort((a, b) => a.rank - b.rank)
  for (const { fault, ended, during } of reasons) {
    const text = endedBy === undefined ? during : ended
    if (text !== undefined) return said(text, fault)
  }
  if (endedBy !== undefined) return `${expired} after ${instance} ended (${endedBy.how})`
  return fencedAt === undefined ? undefined : `${expired}: the broker gave it to another`
}
