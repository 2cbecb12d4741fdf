import type { AnomalyName } from '#contracts/api/ledger.ts'
import { type GroupCounts, newGroupCounts } from '../ledger/counters.ts'

export interface NaiveRun {
  attempt: number
  receiveCount: number
  instance: string
  receivedAt?: number
  startedAt: number
  endedAt?: number
  outcome?: 'ok' | 'error' | 'interrupted'
  dueAt?: number
  held?: boolean
  /** It made an effect itself. */
  acted?: boolean
  /** Nobody knows whether it acted. */
  unanswered?: boolean
}

export type State = 'waiting' | 'handling' | 'retrying' | 'delivered' | 'dead_lettered' | 'lost'

export interface NaiveObligation {
  group: string
  /** Whether a consumer spoke of it. */
  seen: boolean
  /** Whether it counts: the broker has it for the group, or the group had it while something was open. */
  owed: boolean
  expected: boolean
  state: State
  delivered: boolean
  dead: boolean
  lost: boolean
  effect: boolean
  passed: boolean
  /** When it was last sent back. */
  leaving: number | undefined
  ref?: string
  runs: NaiveRun[]
}

export interface NaiveMessage {
  id: string
  type: string | undefined
  publish: 'attempted' | 'acked' | 'failed' | 'indeterminate' | 'recovered' | 'absent'
  owed: string[]
  groups: Map<string, NaiveObligation>
  phantom: boolean
  /** Nobody spoke of it, and one after it was attempted. */
  unsent: boolean
  /** Time and body as they were first reported. */
  reported: string
}

/** The messages of a naive ledger, the counts of its groups, and what more than one of its rules does to them. */
export class NaiveMessages {
  readonly all = new Map<string, NaiveMessage>()
  readonly work = new Map<string, GroupCounts>()
  /** What was found, by name and group. */
  readonly anomalies = new Map<string, number>()
  /** Obligations whose two endings were found, or have an excuse. */
  readonly doubled = new Set<string>()

  resolve(message: NaiveMessage, state: Exclude<NaiveMessage['publish'], 'attempted'>): void {
    if (message.publish === 'recovered' && message.type !== undefined) this.raise('recovered_publish', undefined, -1)
    message.publish = state
    if (message.type === undefined) return
    if (state === 'recovered') this.raise('recovered_publish')
    if (state === 'acked' || state === 'recovered') this.expectAll(message)
  }

  expectAll(message: NaiveMessage): void {
    for (const group of message.owed) {
      const obligation = this.obligation(message, group)
      obligation.owed = true
      obligation.expected = true
    }
  }

  isSent(message: NaiveMessage): void {
    if (message.unsent) this.raise('unsent_message', undefined, -1)
    message.unsent = false
  }

  sight(message: NaiveMessage, group: string): NaiveObligation {
    if (message.publish === 'indeterminate' || message.publish === 'absent') this.resolve(message, 'recovered')
    const obligation = this.obligation(message, group)
    if (!obligation.seen) {
      if (!isFinal(message)) obligation.owed = true
      if (message.publish === 'failed' && message.type !== undefined) this.raise('aborted_read', group)
    }
    obligation.seen = true
    this.isSent(message)
    return obligation
  }

  settle(message: NaiveMessage, obligation: NaiveObligation, state: 'delivered' | 'dead_lettered' | 'lost'): void {
    if (obligation.state === state) return
    if (!obligation.owed && !isFinal(message)) obligation.owed = true
    if (obligation.state === 'lost') this.raise('lost_message', obligation.group, -1)
    obligation.lost = state === 'lost'
    if (state === 'delivered') obligation.delivered = true
    if (state === 'dead_lettered') {
      obligation.dead = true
    }
    if (state === 'lost') this.raise('lost_message', obligation.group)
    if (obligation.state !== 'delivered') obligation.state = state
  }

  message(id: string): NaiveMessage {
    let message = this.all.get(id)
    if (!message) {
      message = {
        id,
        type: undefined,
        publish: 'attempted',
        owed: [],
        groups: new Map(),
        phantom: false,
        unsent: false,
        reported: '',
      }
      this.all.set(id, message)
    }
    return message
  }

  obligation(message: NaiveMessage, group: string): NaiveObligation {
    let obligation = message.groups.get(group)
    if (!obligation) {
      obligation = {
        ...{ group, seen: false, owed: false, expected: false, state: 'waiting', delivered: false, dead: false },
        ...{ lost: false, effect: false, passed: false, leaving: undefined, runs: [] },
      }
      message.groups.set(group, obligation)
    }
    return obligation
  }

  counts(group: string): GroupCounts {
    const counts = this.work.get(group) ?? newGroupCounts()
    this.work.set(group, counts)
    return counts
  }

  raise(name: AnomalyName, group = '', change = 1): void {
    const key = `${name} ${group}`
    this.anomalies.set(key, (this.anomalies.get(key) ?? 0) + change)
  }
}

export const isActive = (state: State): boolean => ['waiting', 'handling', 'retrying'].includes(state)
export const isNaivelyDone = (state: State): boolean => state === 'delivered' || state === 'dead_lettered'

export function countedAs({ delivered, dead, lost, state }: NaiveObligation) {
  if (delivered) return 'delivered'
  if (dead) return 'deadLettered'
  if (lost) return 'lost'
  return state === 'handling' || state === 'retrying' ? state : 'waiting'
}

/** Nothing about it can change: it was not sent, or the broker has it and nobody is owed it any more. */
export function isFinal({ type, publish, groups }: NaiveMessage): boolean {
  if (type === undefined || publish === 'attempted' || publish === 'indeterminate') return false
  return [...groups.values()].every(({ owed, delivered, dead, lost }) => !owed || delivered || dead || lost)
}
