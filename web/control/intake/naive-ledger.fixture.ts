import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { type GroupCounts, newGroupCounts, newPublishCounts, type PublishCounts } from '../ledger/counters.ts'
import { NaiveDeliveries } from './naive-deliveries.fixture.ts'
import { countedAs, isActive, NaiveMessages, type State } from './naive-messages.fixture.ts'

/**
 * The rules of the ledger over one object a message, with nothing dropped and nothing clever: written from the model, to be
 * compared with the bits. One producer, one topic.
 */
export class NaiveLedger {
  readonly #messages = new NaiveMessages()
  readonly #deliveries: NaiveDeliveries
  readonly #groupsOf: (type: string) => string[]
  readonly #attemptedUpTo = new Map<string, number>()

  constructor(groupsOf: (type: string) => string[], needsEffect: (group: string) => boolean) {
    this.#groupsOf = groupsOf
    this.#deliveries = new NaiveDeliveries(this.#messages, needsEffect)
  }

  apply(record: TelemetryRecord): void {
    if (record.kind === 'publish.attempted') this.#attempted(record)
    else if (record.kind === 'publish.settled') {
      for (const { seq, state } of record.outcomes) {
        const message = this.#messages.message(`${record.producer}:${record.epoch}:${record.topic}:${seq}`)
        if (['acked', 'failed'].includes(message.publish)) continue
        if (message.publish === 'recovered' && state !== 'acked') continue
        if (message.publish === 'absent' && state === 'indeterminate') continue
        if (state === 'failed')
          for (const { seen, group } of message.groups.values()) if (seen) this.#messages.raise('aborted_read', group)
        this.#messages.resolve(message, state)
        if (state === 'indeterminate' && [...message.groups.values()].some(({ seen }) => seen)) {
          this.#messages.resolve(message, 'recovered')
        }
      }
    } else if (record.kind === 'delivery.started') {
      for (const delivery of record.deliveries) this.#deliveries.started(record, delivery)
    } else if (record.kind === 'delivery.ended') {
      for (const delivery of record.deliveries) this.#deliveries.ended(record, delivery)
    } else if (record.kind === 'delivery.settled') {
      for (const id of record.ids) this.#deliveries.settled(record, id)
    } else if (record.kind === 'delivery.redriven') {
      for (const id of record.ids) this.#deliveries.redriven(record, id)
    }
  }

  /** A process of the instance is gone: what it began before `at` it will not end. */
  gone(instance: string, at: number): void {
    for (const message of this.#messages.all.values()) {
      for (const obligation of message.groups.values()) {
        for (const run of obligation.runs) {
          if (run.instance === instance && run.startedAt < at && run.outcome === undefined)
            this.#deliveries.interrupt(obligation, run)
        }
      }
    }
  }

  epoch(): void {
    for (const message of this.#messages.all.values()) {
      if (message.type === undefined || message.publish !== 'attempted') continue
      this.#messages.resolve(message, 'indeterminate')
      if ([...message.groups.values()].some(({ seen }) => seen)) this.#messages.resolve(message, 'recovered')
    }
  }

  /** Everything was heard: what a checker may conclude now. */
  judge(): Resolution[] {
    const decided: Resolution[] = []
    for (const message of this.#messages.all.values()) {
      const { id } = message
      const obligations = [...message.groups.values()]
      if (message.type === undefined && !message.phantom && obligations.some(({ owed }) => owed)) {
        message.phantom = true
        this.#messages.raise('phantom_message')
        decided.push({ what: 'phantom', id, at: 0 })
      }
      const split = id.lastIndexOf(':') + 1
      const isBelow = Number(id.slice(split)) < (this.#attemptedUpTo.get(id.slice(0, split)) ?? 0)
      if (isBelow && message.type === undefined && !message.unsent && !obligations.some(({ seen }) => seen)) {
        message.unsent = true
        this.#messages.raise('unsent_message')
        decided.push({ what: 'unsent', id, at: 0 })
      }
      for (const obligation of obligations) {
        const { group, delivered, dead, passed, state, runs } = obligation
        if (delivered && dead && obligation.owed && !this.#messages.doubled.has(id + group)) {
          this.#messages.doubled.add(id + group)
          this.#messages.raise('double_settlement', group)
          decided.push({ what: 'double', id, group, at: 0 })
        }
        if (passed && isActive(state) && runs.every(({ outcome }) => outcome !== undefined)) {
          this.#messages.settle(message, obligation, 'lost')
          decided.push({ what: 'lost', id, group, at: 0 })
        }
      }
    }
    return decided
  }

  /** Nobody has seen it and nobody will: an indeterminate publish did not arrive. */
  absent(id: string): void {
    const message = this.#messages.all.get(id)
    if (message?.publish === 'indeterminate') this.#messages.resolve(message, 'absent')
  }

  publishes(): Record<string, PublishCounts> {
    const counts: Record<string, PublishCounts> = {}
    for (const { type, publish } of this.#messages.all.values()) {
      if (type === undefined) continue
      counts[type] ??= newPublishCounts()
      counts[type].attempted += 1
      counts[type][publish === 'attempted' ? 'open' : publish] += 1
    }
    return counts
  }

  groups(): Record<string, GroupCounts> {
    const counts = Object.fromEntries([...this.#messages.work].map(([group, work]) => [group, { ...work }]))
    for (const message of this.#messages.all.values()) {
      for (const obligation of message.groups.values()) {
        if (!obligation.owed) continue
        const row = counts[obligation.group] ?? newGroupCounts()
        counts[obligation.group] = row
        row.owed += 1
        row[obligation.expected ? 'expected' : 'unexpected'] += 1
        row[countedAs(obligation)] += 1
        if (obligation.dead) row.parked += 1
      }
    }
    return counts
  }

  /** Anomalies that were found, by name and group. */
  anomalies(): Record<string, number> {
    return Object.fromEntries([...this.#messages.anomalies].filter(([, count]) => count !== 0).sort())
  }

  ids(): string[] {
    return [...this.#messages.all.keys()]
  }

  /** Messages that want something more and whose publish is known: the state that a person sees, by group. */
  unsettled(): { id: string; publish: string; states: Map<string, State> }[] {
    return [...this.#messages.all.values()].flatMap(({ id, type, publish, groups }) => {
      const open = [...groups.values()].some(({ owed, state }) => owed && isActive(state))
      if (type === undefined || (publish !== 'attempted' && !open)) return []
      const seen = [...groups.values()].filter((obligation) => obligation.seen)
      return [{ id, publish, states: new Map(seen.map(({ group, state }) => [group, state])) }]
    })
  }

  #attempted(record: Extract<TelemetryRecord, { kind: 'publish.attempted' }>): void {
    const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
    for (const { seq, type, time, body } of record.messages) {
      for (let before = 1; before < seq; before += 1) this.#messages.message(prefix + before)
      const message = this.#messages.message(prefix + seq)
      if (message.type !== undefined) {
        if (message.reported !== time + type + body) this.#messages.raise('identity_reused')
        continue
      }
      message.reported = time + type + body
      this.#messages.isSent(message)
      this.#attemptedUpTo.set(prefix, Math.max(this.#attemptedUpTo.get(prefix) ?? 0, seq))
      if (message.phantom) this.#messages.raise('phantom_message', undefined, -1)
      message.phantom = false
      message.type = type
      message.owed = this.#groupsOf(type)
      if (message.publish === 'recovered') this.#messages.raise('recovered_publish')
      if (message.publish === 'acked' || message.publish === 'recovered') this.#messages.expectAll(message)
    }
  }
}
