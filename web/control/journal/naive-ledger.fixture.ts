import { parseIdentity } from '#contracts/identity.ts'
import type { TelemetryRecord } from '#contracts/telemetry.ts'
import { type GroupCounts, newGroupCounts, newPublishCounts, type PublishCounts } from '../ledger/counters.ts'

interface Message {
  id: string
  epoch: number
  type: string | undefined
  publish: 'attempted' | 'acked' | 'failed' | 'indeterminate' | 'recovered'
  owed: string[]
  /** What the ledger counts as owed, and how it was settled. */
  groups: Map<string, 'open' | 'delivered' | 'deadLettered'>
  /** What a person sees. */
  states: Map<string, string>
}

/** The rules of the ledger over one object a message, with nothing dropped and nothing clever. One producer, one topic. */
export class NaiveLedger {
  readonly #messages = new Map<string, Message>()
  readonly #groupsOf: (type: string) => string[]
  readonly #work = new Map<string, GroupCounts>()
  #epoch = 1

  constructor(groupsOf: (type: string) => string[]) {
    this.#groupsOf = groupsOf
  }

  apply(record: TelemetryRecord): void {
    if (record.kind === 'publish.attempted') {
      for (const { seq, type } of record.messages) {
        const message = this.#message(`${record.producer}:${record.epoch}:${record.topic}:${seq}`)
        message.type = type
        message.owed = this.#groupsOf(type)
        if (message.publish === 'acked' || message.publish === 'recovered') this.#oweAll(message)
      }
    } else if (record.kind === 'publish.settled') {
      for (const { seq, state } of record.outcomes) {
        this.#resolve(this.#message(`${record.producer}:${record.epoch}:${record.topic}:${seq}`), state)
      }
    } else if (record.kind === 'delivery.started') {
      for (const { id, attempt } of record.deliveries) {
        const message = this.#sight(id, record.group)
        this.#counts(record.group).deliveries += 1
        if (attempt > 1) this.#counts(record.group).retries += 1
        if (!isSettled(message, record.group)) message.states.set(record.group, 'handling')
      }
    } else if (record.kind === 'delivery.ended') {
      for (const { id, outcome, next } of record.deliveries) {
        const message = this.#sight(id, record.group)
        this.#counts(record.group).attempts += 1
        if (outcome === 'error') this.#counts(record.group).errors += 1
        if (isSettled(message, record.group)) continue
        if (outcome === 'ok') this.#settle(message, record.group, 'delivered')
        else if (outcome === 'interrupted') message.states.set(record.group, 'waiting')
        else if (next?.state === 'retrying') message.states.set(record.group, 'retrying')
      }
    } else if (record.kind === 'delivery.settled') {
      for (const id of record.ids) {
        const message = this.#sight(id, record.group)
        if (isSettled(message, record.group)) continue
        if (record.settlement === 'released') {
          if (message.states.get(record.group) === 'handling') message.states.set(record.group, 'waiting')
        } else this.#settle(message, record.group, record.settlement === 'acked' ? 'delivered' : 'deadLettered')
      }
    }
  }

  epoch(_producer: string, epoch: number): void {
    this.#epoch = epoch
    for (const message of this.#messages.values()) {
      if (message.type === undefined || message.publish !== 'attempted') continue
      message.publish = 'indeterminate'
      if (message.states.size > 0) this.#resolve(message, 'recovered')
    }
  }

  publishes(): Record<string, PublishCounts> {
    const counts: Record<string, PublishCounts> = {}
    for (const { type, publish } of this.#messages.values()) {
      if (type === undefined) continue
      counts[type] ??= newPublishCounts()
      counts[type].attempted += 1
      if (publish !== 'attempted') counts[type][publish] += 1
    }
    return counts
  }

  groups(): Record<string, GroupCounts> {
    const counts = Object.fromEntries([...this.#work].map(([group, work]) => [group, { ...work }]))
    for (const message of this.#messages.values()) {
      for (const [group, state] of message.groups) {
        counts[group] ??= newGroupCounts()
        counts[group].owed += 1
        if (state !== 'open') counts[group][state] += 1
      }
    }
    return counts
  }

  /** Messages that want something more and whose publish is known. */
  unsettled(): Message[] {
    return [...this.#messages.values()].filter(
      (message) =>
        message.type !== undefined &&
        (message.publish === 'attempted' || [...message.groups.values()].some((state) => state === 'open')),
    )
  }

  #message(id: string): Message {
    let message = this.#messages.get(id)
    if (!message) {
      const epoch = parseIdentity(id)?.epoch ?? 0
      message = { id, epoch, type: undefined, publish: 'attempted', owed: [], groups: new Map(), states: new Map() }
      this.#messages.set(id, message)
    }
    return message
  }

  #counts(group: string): GroupCounts {
    const counts = this.#work.get(group) ?? newGroupCounts()
    this.#work.set(group, counts)
    return counts
  }

  #resolve(message: Message, state: 'acked' | 'failed' | 'indeterminate' | 'recovered'): void {
    if (message.publish === 'acked' || message.publish === 'failed') return
    if (message.publish === 'recovered' && state !== 'acked') return
    message.publish = state
    if (message.type !== undefined && (state === 'acked' || state === 'recovered')) this.#oweAll(message)
  }

  #oweAll(message: Message): void {
    for (const group of message.owed) if (!message.groups.has(group)) message.groups.set(group, 'open')
  }

  #sight(id: string, group: string): Message {
    const message = this.#message(id)
    if (message.publish === 'indeterminate') this.#resolve(message, 'recovered')
    if (!isFinal(message) && !message.groups.has(group)) message.groups.set(group, 'open')
    if (!message.states.has(group)) message.states.set(group, 'waiting')
    return message
  }

  #settle(message: Message, group: string, state: 'delivered' | 'deadLettered'): void {
    if (message.groups.get(group) === 'open') message.groups.set(group, state)
    message.states.set(group, state === 'delivered' ? 'delivered' : 'dead_lettered')
  }
}

const isSettled = (message: Message, group: string): boolean =>
  ['delivered', 'dead_lettered'].includes(message.states.get(group) ?? '')

/** Nothing about it can change: it failed, or the broker has it and nobody is owed it any more. */
function isFinal({ type, publish, groups }: Message): boolean {
  if (type === undefined) return false
  if (publish === 'failed') return [...groups.values()].every((state) => state !== 'open')
  return (publish === 'acked' || publish === 'recovered') && [...groups.values()].every((state) => state !== 'open')
}
