import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { type GroupCounts, newGroupCounts, newPublishCounts, type PublishCounts } from '../ledger/counters.ts'

interface Run {
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

type State = 'waiting' | 'handling' | 'retrying' | 'delivered' | 'dead_lettered' | 'lost'

interface Obligation {
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
  runs: Run[]
}

interface Message {
  id: string
  type: string | undefined
  publish: 'attempted' | 'acked' | 'failed' | 'indeterminate' | 'recovered' | 'absent'
  owed: string[]
  groups: Map<string, Obligation>
  phantom: boolean
  /** Nobody spoke of it, and one after it was attempted. */
  unsent: boolean
  /** Time and body as they were first told. */
  told: string
}

const earlyMs = 20

/**
 * The rules of the ledger over one object a message, with nothing dropped and nothing clever: written from the model, to be
 * compared with the bits. One producer, one topic.
 */
export class NaiveLedger {
  readonly #messages = new Map<string, Message>()
  readonly #groupsOf: (type: string) => string[]
  readonly #needsEffect: (group: string) => boolean
  readonly #work = new Map<string, GroupCounts>()
  readonly #anomalies = new Map<string, number>()
  readonly #doubled = new Set<string>()
  readonly #attemptedUpTo = new Map<string, number>()
  readonly #handedOut = new Map<string, number>()

  constructor(groupsOf: (type: string) => string[], needsEffect: (group: string) => boolean) {
    this.#groupsOf = groupsOf
    this.#needsEffect = needsEffect
  }

  apply(record: TelemetryRecord): void {
    if (record.kind === 'publish.attempted') this.#attempted(record)
    else if (record.kind === 'publish.settled') {
      for (const { seq, state } of record.outcomes) {
        const message = this.#message(`${record.producer}:${record.epoch}:${record.topic}:${seq}`)
        if (['acked', 'failed'].includes(message.publish)) continue
        if (message.publish === 'recovered' && state !== 'acked') continue
        if (message.publish === 'absent' && state === 'indeterminate') continue
        if (state === 'failed')
          for (const { seen, group } of message.groups.values()) if (seen) this.#raise('aborted_read', group)
        this.#resolve(message, state)
        if (state === 'indeterminate' && [...message.groups.values()].some(({ seen }) => seen)) {
          this.#resolve(message, 'recovered')
        }
      }
    } else if (record.kind === 'delivery.started') {
      for (const delivery of record.deliveries) this.#started(record, delivery)
    } else if (record.kind === 'delivery.ended') {
      for (const delivery of record.deliveries) this.#ended(record, delivery)
    } else if (record.kind === 'delivery.settled') {
      for (const id of record.ids) this.#settled(record, id)
    } else if (record.kind === 'delivery.redriven') {
      for (const id of record.ids) this.#redriven(record, id)
    }
  }

  /** A process of the instance is gone: what it began before `at` it will not end. */
  gone(instance: string, at: number): void {
    for (const message of this.#messages.values()) {
      for (const obligation of message.groups.values()) {
        for (const run of obligation.runs) {
          if (run.instance === instance && run.startedAt < at && run.outcome === undefined)
            this.#interrupt(obligation, run)
        }
      }
    }
  }

  epoch(): void {
    for (const message of this.#messages.values()) {
      if (message.type === undefined || message.publish !== 'attempted') continue
      this.#resolve(message, 'indeterminate')
      if ([...message.groups.values()].some(({ seen }) => seen)) this.#resolve(message, 'recovered')
    }
  }

  /** Everything was heard: what a checker may conclude now. */
  judge(): Resolution[] {
    const decided: Resolution[] = []
    for (const message of this.#messages.values()) {
      const { id } = message
      const obligations = [...message.groups.values()]
      if (message.type === undefined && !message.phantom && obligations.some(({ owed }) => owed)) {
        message.phantom = true
        this.#raise('phantom_message')
        decided.push({ what: 'phantom', id, at: 0 })
      }
      const split = id.lastIndexOf(':') + 1
      const isBelow = Number(id.slice(split)) < (this.#attemptedUpTo.get(id.slice(0, split)) ?? 0)
      if (isBelow && message.type === undefined && !message.unsent && !obligations.some(({ seen }) => seen)) {
        message.unsent = true
        this.#raise('unsent_message')
        decided.push({ what: 'unsent', id, at: 0 })
      }
      for (const obligation of obligations) {
        const { group, delivered, dead, passed, state, runs } = obligation
        if (delivered && dead && obligation.owed && !this.#doubled.has(id + group)) {
          this.#doubled.add(id + group)
          this.#raise('double_settlement', group)
          decided.push({ what: 'double', id, group, at: 0 })
        }
        if (passed && isActive(state) && runs.every(({ outcome }) => outcome !== undefined)) {
          this.#settle(message, obligation, 'lost')
          decided.push({ what: 'lost', id, group, at: 0 })
        }
      }
    }
    return decided
  }

  /** Nobody has seen it and nobody will: an indeterminate publish did not arrive. */
  absent(id: string): void {
    const message = this.#messages.get(id)
    if (message?.publish === 'indeterminate') this.#resolve(message, 'absent')
  }

  publishes(): Record<string, PublishCounts> {
    const counts: Record<string, PublishCounts> = {}
    for (const { type, publish } of this.#messages.values()) {
      if (type === undefined) continue
      counts[type] ??= newPublishCounts()
      counts[type].attempted += 1
      counts[type][publish === 'attempted' ? 'open' : publish] += 1
    }
    return counts
  }

  groups(): Record<string, GroupCounts> {
    const counts = Object.fromEntries([...this.#work].map(([group, work]) => [group, { ...work }]))
    for (const message of this.#messages.values()) {
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
    return Object.fromEntries([...this.#anomalies].filter(([, count]) => count !== 0).sort())
  }

  ids(): string[] {
    return [...this.#messages.keys()]
  }

  /** Messages that want something more and whose publish is known: the state that a person sees, by group. */
  unsettled(): { id: string; publish: string; states: Map<string, State> }[] {
    return [...this.#messages.values()].flatMap(({ id, type, publish, groups }) => {
      const open = [...groups.values()].some(({ owed, state }) => owed && isActive(state))
      if (type === undefined || (publish !== 'attempted' && !open)) return []
      const seen = [...groups.values()].filter((obligation) => obligation.seen)
      return [{ id, publish, states: new Map(seen.map(({ group, state }) => [group, state])) }]
    })
  }

  #attempted(record: Extract<TelemetryRecord, { kind: 'publish.attempted' }>): void {
    const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
    for (const { seq, type, time, body } of record.messages) {
      for (let before = 1; before < seq; before += 1) this.#message(prefix + before)
      const message = this.#message(prefix + seq)
      if (message.type !== undefined) {
        if (message.told !== time + type + body) this.#raise('identity_reused')
        continue
      }
      message.told = time + type + body
      this.#isSent(message)
      this.#attemptedUpTo.set(prefix, Math.max(this.#attemptedUpTo.get(prefix) ?? 0, seq))
      if (message.phantom) this.#raise('phantom_message', undefined, -1)
      message.phantom = false
      message.type = type
      message.owed = this.#groupsOf(type)
      if (message.publish === 'recovered') this.#raise('recovered_publish')
      if (message.publish === 'acked' || message.publish === 'recovered') this.#expectAll(message)
    }
  }

  #started(
    record: Extract<TelemetryRecord, { kind: 'delivery.started' }>,
    {
      id,
      attempt,
      receiveCount,
      receivedAt,
      ref,
    }: Extract<TelemetryRecord, { kind: 'delivery.started' }>['deliveries'][number],
  ): void {
    const message = this.#message(id)
    const obligation = this.#sight(message, record.group)
    if (isDone(obligation.state) && obligation.leaving !== undefined) this.#backToGroup(obligation)
    const work = this.#counts(record.group)
    work.deliveries += 1
    if (attempt > 1) work.retries += 1
    const previous = obligation.runs.at(-1)
    const wasSettled = !isActive(obligation.state)
    const givenBack =
      previous?.outcome === 'error' || (previous?.outcome === 'interrupted' && previous.endedAt !== undefined)
    const isExplained = previous === undefined ? !isDone(obligation.state) : !wasSettled && givenBack
    const isRetry = previous?.outcome === 'error' && attempt > previous.attempt
    if (isRetry || (obligation.runs.length === 0 && obligation.ref === undefined))
      this.#noteOrder(id, record.group, ref)
    if (!isExplained) this.#raise('duplicate_delivery', record.group)
    this.#checkDue(obligation.runs, { attempt, startedAt: record.at }, record.group)
    if (ref !== undefined) {
      if (obligation.ref !== undefined && obligation.ref !== ref && !isExplained)
        this.#raise('duplicate_write', record.group)
      obligation.ref = ref
    }
    if (previous && previous.outcome === undefined) this.#interrupt(obligation, previous)
    obligation.runs.push({ attempt, receiveCount, instance: record.instance, receivedAt, startedAt: record.at })
    if (isActive(obligation.state)) obligation.state = 'handling'
  }

  #noteOrder(id: string, group: string, ref: string | undefined): void {
    const [seq = 0, epoch] = [Number(id.split(':')[3]), id.split(':')[1]]
    const place = `${epoch} ${group} ${ref?.split('@')[0]}`
    if (seq >= (this.#handedOut.get(place) ?? 0)) this.#handedOut.set(place, seq)
    else this.#raise('reordered_delivery', group)
  }

  #ended(
    record: Extract<TelemetryRecord, { kind: 'delivery.ended' }>,
    delivery: Extract<TelemetryRecord, { kind: 'delivery.ended' }>['deliveries'][number],
  ): void {
    const { id, attempt, receiveCount, outcome, next, effect, startedAt, endedAt } = delivery
    const message = this.#message(id)
    const obligation = this.#sight(message, record.group)
    const work = this.#counts(record.group)
    work.attempts += 1
    if (outcome === 'error') work.errors += 1
    // A later delivery that fails by itself may be given up; that excuses no dead letter that was delivered before.
    if (obligation.delivered && !obligation.dead && outcome === 'error' && next?.state === 'dead_lettered')
      this.#doubled.add(id + record.group)
    const run = obligation.runs.find((other) => other.receiveCount === receiveCount && other.endedAt === undefined)
    const isLatest = obligation.runs.every((other) => other.receiveCount <= receiveCount)
    const dueAt = next?.state === 'retrying' ? { dueAt: next.dueAt } : {}
    const acted = effect !== undefined && !effect.suppressed
    const unanswered = outcome === 'error' && delivery.error?.type === 'SmtpUnanswered'
    const others = obligation.runs.filter((other) => other !== run)
    if (unanswered && others.some((other) => other.acted)) this.#raise('duplicate_effect', record.group)
    if (acted && !obligation.effect)
      for (const other of others) if (other.unanswered) this.#raise('duplicate_effect', record.group)
    if (run) Object.assign(run, { startedAt, endedAt, outcome, acted, unanswered, ...dueAt })
    else
      obligation.runs.push({
        attempt,
        receiveCount,
        instance: record.instance,
        startedAt,
        endedAt,
        outcome,
        acted,
        unanswered,
        ...dueAt,
      })
    if (effect) {
      if (obligation.effect && !effect.suppressed) this.#raise('duplicate_effect', record.group)
      // One that was only found was made by somebody whose report may still be under way.
      if (!effect.suppressed) obligation.effect = true
    }
    if (outcome === 'ok') {
      if (effect || !this.#needsEffect(record.group)) this.#settle(message, obligation, 'delivered')
    } else if (isLatest && isActive(obligation.state)) {
      if (outcome === 'interrupted') obligation.state = 'waiting'
      else if (next?.state === 'retrying') obligation.state = 'retrying'
    }
  }

  #settled(
    { settlement, group, instance, at }: Extract<TelemetryRecord, { kind: 'delivery.settled' }>,
    id: string,
  ): void {
    const message = this.#message(id)
    if (settlement === 'fenced') this.#raise('fenced_commit', group)
    const obligation = this.#sight(message, group)
    const { runs, state, passed } = obligation
    if (settlement === 'released') {
      if (runs.at(-1)?.instance === instance && state === 'handling') obligation.state = 'waiting'
    } else if (settlement === 'retrying') {
      const index = runs.findLastIndex((run) => run.instance === instance && run.dueAt !== undefined)
      const failed = runs[index]
      if (!failed || failed.held) return
      failed.held = true
      const following = runs.findIndex((run, place) => place > index && run.attempt === failed.attempt + 1)
      const next = runs[following]
      if (next) this.#checkDue(runs.slice(0, following), next, group)
    } else if (settlement === 'dead_lettered') {
      if (obligation.leaving !== undefined && at >= obligation.leaving) obligation.leaving = undefined
      this.#settle(message, obligation, 'dead_lettered')
    } else if (settlement === 'acked' && !isDone(state) && !passed) {
      obligation.passed = true
      this.#raise('premature_commit', group)
    }
  }

  #redriven({ group, phase, at }: Extract<TelemetryRecord, { kind: 'delivery.redriven' }>, id: string): void {
    const obligation = this.#messages.get(id)?.groups.get(group)
    if (!obligation?.seen) return
    if (phase === 'sending') obligation.leaving = at
    else if (obligation.leaving !== undefined) this.#backToGroup(obligation)
  }

  #backToGroup(obligation: Obligation): void {
    obligation.leaving = undefined
    obligation.dead = false
    if (obligation.state !== 'dead_lettered') return
    obligation.state = 'waiting'
    obligation.passed = false
    delete obligation.ref
  }

  #checkDue(before: readonly Run[], next: Pick<Run, 'attempt' | 'startedAt'>, group: string): void {
    const failed = before.filter(({ attempt }) => attempt + 1 === next.attempt)
    const isHeld = ({ held, dueAt }: Run): boolean =>
      held === true && dueAt !== undefined && dueAt - next.startedAt > earlyMs
    if (failed.length > 0 && failed.every(isHeld)) this.#raise('early_retry', group)
  }

  #interrupt(obligation: Obligation, run: Run): void {
    run.outcome = 'interrupted'
    if (obligation.state === 'handling' && obligation.runs.every(({ outcome }) => outcome !== undefined)) {
      obligation.state = 'waiting'
    }
  }

  #resolve(message: Message, state: Exclude<Message['publish'], 'attempted'>): void {
    if (message.publish === 'recovered' && message.type !== undefined) this.#raise('recovered_publish', undefined, -1)
    message.publish = state
    if (message.type === undefined) return
    if (state === 'recovered') this.#raise('recovered_publish')
    if (state === 'acked' || state === 'recovered') this.#expectAll(message)
  }

  #expectAll(message: Message): void {
    for (const group of message.owed) {
      const obligation = this.#obligation(message, group)
      obligation.owed = true
      obligation.expected = true
    }
  }

  #isSent(message: Message): void {
    if (message.unsent) this.#raise('unsent_message', undefined, -1)
    message.unsent = false
  }

  #sight(message: Message, group: string): Obligation {
    if (message.publish === 'indeterminate' || message.publish === 'absent') this.#resolve(message, 'recovered')
    const obligation = this.#obligation(message, group)
    if (!obligation.seen) {
      if (!isFinal(message)) obligation.owed = true
      if (message.publish === 'failed' && message.type !== undefined) this.#raise('aborted_read', group)
    }
    obligation.seen = true
    this.#isSent(message)
    return obligation
  }

  #settle(message: Message, obligation: Obligation, state: 'delivered' | 'dead_lettered' | 'lost'): void {
    if (obligation.state === state) return
    if (!obligation.owed && !isFinal(message)) obligation.owed = true
    if (obligation.state === 'lost') this.#raise('lost_message', obligation.group, -1)
    obligation.lost = state === 'lost'
    if (state === 'delivered') obligation.delivered = true
    if (state === 'dead_lettered') {
      obligation.dead = true
    }
    if (state === 'lost') this.#raise('lost_message', obligation.group)
    if (obligation.state !== 'delivered') obligation.state = state
  }

  #message(id: string): Message {
    let message = this.#messages.get(id)
    if (!message) {
      message = {
        id,
        type: undefined,
        publish: 'attempted',
        owed: [],
        groups: new Map(),
        phantom: false,
        unsent: false,
        told: '',
      }
      this.#messages.set(id, message)
    }
    return message
  }

  #obligation(message: Message, group: string): Obligation {
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

  #counts(group: string): GroupCounts {
    const counts = this.#work.get(group) ?? newGroupCounts()
    this.#work.set(group, counts)
    return counts
  }

  #raise(name: AnomalyName, group = '', change = 1): void {
    const key = `${name} ${group}`
    this.#anomalies.set(key, (this.#anomalies.get(key) ?? 0) + change)
  }
}

const isActive = (state: State): boolean => ['waiting', 'handling', 'retrying'].includes(state)
const isDone = (state: State): boolean => state === 'delivered' || state === 'dead_lettered'

function countedAs({ delivered, dead, lost, state }: Obligation) {
  if (delivered) return 'delivered'
  if (dead) return 'deadLettered'
  if (lost) return 'lost'
  return state === 'handling' || state === 'retrying' ? state : 'waiting'
}

/** Nothing about it can change: it was not sent, or the broker has it and nobody is owed it any more. */
function isFinal({ type, publish, groups }: Message): boolean {
  if (type === undefined || publish === 'attempted' || publish === 'indeterminate') return false
  return [...groups.values()].every(({ owed, delivered, dead, lost }) => !owed || delivered || dead || lost)
}
