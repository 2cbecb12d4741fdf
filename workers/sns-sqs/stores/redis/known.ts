import { MemoryDeclarations, recordKey } from '../declarations.ts'
import { upgradedChange } from '../older-declarations.ts'
import type { DeclarationChange, QueueDefinition } from '../queue-store.ts'
import type { Keys } from './keys.ts'

/** A queue as declared, and the number under which its keys and receipts go. */
export interface KnownQueue {
  number: number
  fifo: boolean
  definition: QueueDefinition
}

/** What is declared in Redis, as last read. Scripts compare its epoch and refuse what was worked out from an older one. */
export interface Known {
  /** `instance:token`: the instance is new when the data was lost, the token with every change. */
  epoch: string
  declarations: MemoryDeclarations
  byName: ReadonlyMap<string, KnownQueue>
  nameByNumber: ReadonlyMap<number, string>
  /** The last number given out. Never used again, so that a receipt cannot fit a later queue of the same name. */
  lastNumber: number
  /** Numbers of topics and subscriptions, by ARN: their order. */
  numberByArn: ReadonlyMap<string, number>
}

export const instanceOf = (epoch: string): string => epoch.slice(0, epoch.indexOf(':'))

interface Entry {
  number: number
  change: DeclarationChange
}

/** Reads the answer of the scripts `load` and `open`. */
export function knownOf([, epoch, lastNumber, ...hashes]: unknown[]): Known {
  const entries = hashes.flatMap((hash) => valuesOf(hash).map((text) => JSON.parse(text) as Entry))
  // A Redis hash has no order.
  entries.sort((a, b) => a.number - b.number)
  const declarations = new MemoryDeclarations()
  const byName = new Map<string, KnownQueue>()
  const nameByNumber = new Map<number, string>()
  const numberByArn = new Map<string, number>()
  for (const { number, change: written } of entries) {
    const change = upgradedChange(written)
    declarations.apply(change)
    if (!('put' in change)) continue
    if (change.put === 'queue') {
      const fifo = change.queue.settings.fifo !== undefined
      byName.set(change.queue.name, { number, fifo, definition: change.queue })
      nameByNumber.set(number, change.queue.name)
    } else numberByArn.set(idOf(change), number)
  }
  return { epoch: String(epoch), declarations, byName, nameByNumber, lastNumber: Number(lastNumber), numberByArn }
}

/** The field of a declaration that is not a queue. */
function idOf(change: Exclude<DeclarationChange, { put: 'queue' } | { remove: 'queue' }>): string {
  if ('remove' in change) return change.remove === 'record' ? recordKey(change.kind, change.id) : change.arn
  if (change.put === 'topic') return change.topic.arn
  return change.put === 'subscription' ? change.subscription.arn : recordKey(change.record.kind, change.record.id)
}

const valuesOf = (flat: unknown): string[] => (flat as string[]).filter((_, index) => index % 2 === 1)

/** What the script `declare` needs to make changes real: keys to remove, and the fields to put or remove. */
export interface DeclareCall {
  lastNumber: number
  removedKeys: string[]
  /** Four of each change. */
  fields: string[]
}

/** Places of the hashes among the keys of the script. */
const place = { queue: '2', topic: '3', subscription: '4', record: '5' }

export function declareCallOf(known: Known, changes: DeclarationChange[], keys: Keys): DeclareCall {
  let lastNumber = known.lastNumber
  const removedKeys: string[] = []
  const fields: string[] = []
  const numbers = new Map(known.numberByArn)
  const put = (hash: string, name: string, number: number, change: DeclarationChange) =>
    fields.push(hash, name, 'put', JSON.stringify({ number, change } satisfies Entry))
  for (const change of changes) {
    if ('put' in change) {
      if (change.put === 'queue') {
        const { name } = change.queue
        put(place.queue, name, known.byName.get(name)?.number ?? ++lastNumber, change)
        removeOlder(fields, name)
      } else {
        const id = idOf(change)
        const number = numbers.get(id) ?? ++lastNumber
        numbers.set(id, number)
        put(place[change.put], id, number, change)
      }
    } else if (change.remove === 'queue') {
      const queue = known.byName.get(change.name)
      if (queue !== undefined) removedKeys.push(...keys.queue(queue))
      fields.push(place.queue, change.name, 'remove', '')
      removeOlder(fields, change.name)
    } else {
      fields.push(place[change.remove], idOf(change), 'remove', '')
      if (change.remove === 'topic') {
        for (const { arn } of known.declarations.subscriptionsOf(change.arn)) {
          fields.push(place.subscription, arn, 'remove', '')
        }
      }
    }
  }
  return { lastNumber, removedKeys, fields }
}

/** An older version kept a queue under its short name. */
function removeOlder(fields: string[], name: string): void {
  if (name.startsWith('arn:')) fields.push(place.queue, name.slice(name.lastIndexOf(':') + 1), 'remove', '')
}
