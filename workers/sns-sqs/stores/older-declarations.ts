import type { NumberedChange } from './memory/change-log.ts'
import type { MemoryState } from './memory/memory-state.ts'
import type { DeclarationChange } from './queue-store.ts'

/** Queues went by their short name, which only one region and account had, until they were keyed by ARN. */
export function upgradedChange(change: DeclarationChange): DeclarationChange {
  if (!('put' in change)) return change
  if (change.put === 'subscription') {
    const { subscription } = change
    const { protocol, endpoint, queue } = subscription
    return protocol === 'sqs' && isOlder(queue, endpoint)
      ? { put: 'subscription', subscription: { ...subscription, queue: endpoint } }
      : change
  }
  if (change.put !== 'queue' || !isOlder(change.queue.name, change.queue.arn)) return change
  const { queue } = change
  const { redrive, ...settings } = queue.settings
  const { deadLetterTargetArn = '' } = JSON.parse(queue.attributes.RedrivePolicy ?? '{}') as Record<string, string>
  const moved = redrive === undefined ? {} : { redrive: { ...redrive, deadLetterQueue: deadLetterTargetArn } }
  return { put: 'queue', queue: { ...queue, name: queue.arn, settings: { ...settings, ...moved } } }
}

/** The same of what a journal says; a removal of an older journal names the queue by its short name. */
export function upgraded(numbered: NumberedChange, state: MemoryState): NumberedChange {
  const { change } = numbered
  if (!('remove' in change) || change.remove !== 'queue' || state.byName.has(change.name)) {
    return { ...numbered, change: upgradedChange(change) }
  }
  const known = [...state.byName.values()].find(({ definition }) => isOlder(change.name, definition.arn))
  return known === undefined ? numbered : { ...numbered, change: { remove: 'queue', name: known.definition.name } }
}

const isOlder = (name: string, arn: string): boolean => !name.includes(':') && arn.endsWith(`:${name}`)
