import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import {
  isActive,
  isNaivelyDone,
  type NaiveMessages,
  type NaiveObligation,
  type NaiveRun,
} from './naive-messages.fixture.ts'

const earlyMs = 20

/** What consumers report, applied to the messages of a naive ledger. */
export class NaiveDeliveries {
  readonly #messages: NaiveMessages
  readonly #needsEffect: (group: string) => boolean
  readonly #handedOut = new Map<string, number>()

  constructor(messages: NaiveMessages, needsEffect: (group: string) => boolean) {
    this.#messages = messages
    this.#needsEffect = needsEffect
  }

  started(
    record: Extract<TelemetryRecord, { kind: 'delivery.started' }>,
    {
      id,
      attempt,
      receiveCount,
      receivedAt,
      ref,
    }: Extract<TelemetryRecord, { kind: 'delivery.started' }>['deliveries'][number],
  ): void {
    const message = this.#messages.message(id)
    const obligation = this.#messages.sight(message, record.group)
    if (isNaivelyDone(obligation.state) && obligation.leaving !== undefined) this.#backToGroup(obligation)
    const work = this.#messages.counts(record.group)
    work.deliveries += 1
    if (attempt > 1) work.retries += 1
    const previous = obligation.runs.at(-1)
    const wasSettled = !isActive(obligation.state)
    const givenBack =
      previous?.outcome === 'error' || (previous?.outcome === 'interrupted' && previous.endedAt !== undefined)
    const isExplained = previous === undefined ? !isNaivelyDone(obligation.state) : !wasSettled && givenBack
    const isRetry = previous?.outcome === 'error' && attempt > previous.attempt
    if (isRetry || (obligation.runs.length === 0 && obligation.ref === undefined))
      this.#noteOrder(id, record.group, ref)
    if (!isExplained) this.#messages.raise('duplicate_delivery', record.group)
    this.#checkDue(obligation.runs, { attempt, startedAt: record.at }, record.group)
    if (ref !== undefined) {
      if (obligation.ref !== undefined && obligation.ref !== ref && !isExplained)
        this.#messages.raise('duplicate_write', record.group)
      obligation.ref = ref
    }
    if (previous && previous.outcome === undefined) this.interrupt(obligation, previous)
    obligation.runs.push({ attempt, receiveCount, instance: record.instance, receivedAt, startedAt: record.at })
    if (isActive(obligation.state)) obligation.state = 'handling'
  }

  #noteOrder(id: string, group: string, ref: string | undefined): void {
    const [seq = 0, epoch] = [Number(id.split(':')[3]), id.split(':')[1]]
    const place = `${epoch} ${group} ${ref?.split('@')[0]}`
    if (seq >= (this.#handedOut.get(place) ?? 0)) this.#handedOut.set(place, seq)
    else this.#messages.raise('reordered_delivery', group)
  }

  ended(
    record: Extract<TelemetryRecord, { kind: 'delivery.ended' }>,
    delivery: Extract<TelemetryRecord, { kind: 'delivery.ended' }>['deliveries'][number],
  ): void {
    const { id, attempt, receiveCount, outcome, next, effect, startedAt, endedAt } = delivery
    const message = this.#messages.message(id)
    const obligation = this.#messages.sight(message, record.group)
    const work = this.#messages.counts(record.group)
    work.attempts += 1
    if (outcome === 'error') work.errors += 1
    // A later delivery that fails by itself may be given up; that excuses no dead letter that was delivered before.
    if (obligation.delivered && !obligation.dead && outcome === 'error' && next?.state === 'dead_lettered')
      this.#messages.doubled.add(id + record.group)
    const run = obligation.runs.find((other) => other.receiveCount === receiveCount && other.endedAt === undefined)
    const isLatest = obligation.runs.every((other) => other.receiveCount <= receiveCount)
    const dueAt = next?.state === 'retrying' ? { dueAt: next.dueAt } : {}
    const acted = effect !== undefined && !effect.suppressed
    const unanswered = outcome === 'error' && delivery.error?.type === 'SmtpUnanswered'
    const others = obligation.runs.filter((other) => other !== run)
    if (unanswered && others.some((other) => other.acted)) this.#messages.raise('duplicate_effect', record.group)
    if (acted && !obligation.effect)
      for (const other of others) if (other.unanswered) this.#messages.raise('duplicate_effect', record.group)
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
      if (obligation.effect && !effect.suppressed) this.#messages.raise('duplicate_effect', record.group)
      // One that was only found was made by somebody whose report may still be under way.
      if (!effect.suppressed) obligation.effect = true
    }
    if (outcome === 'ok') {
      if (effect || !this.#needsEffect(record.group)) this.#messages.settle(message, obligation, 'delivered')
    } else if (isLatest && isActive(obligation.state)) {
      if (outcome === 'interrupted') obligation.state = 'waiting'
      else if (next?.state === 'retrying') obligation.state = 'retrying'
    }
  }

  settled(
    { settlement, group, instance, at }: Extract<TelemetryRecord, { kind: 'delivery.settled' }>,
    id: string,
  ): void {
    const message = this.#messages.message(id)
    if (settlement === 'fenced') this.#messages.raise('fenced_commit', group)
    const obligation = this.#messages.sight(message, group)
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
      this.#messages.settle(message, obligation, 'dead_lettered')
    } else if (settlement === 'acked' && !isNaivelyDone(state) && !passed) {
      obligation.passed = true
      this.#messages.raise('premature_commit', group)
    }
  }

  redriven({ group, phase, at }: Extract<TelemetryRecord, { kind: 'delivery.redriven' }>, id: string): void {
    const obligation = this.#messages.all.get(id)?.groups.get(group)
    if (!obligation?.seen) return
    if (phase === 'sending') obligation.leaving = at
    else if (obligation.leaving !== undefined) this.#backToGroup(obligation)
  }

  #backToGroup(obligation: NaiveObligation): void {
    obligation.leaving = undefined
    obligation.dead = false
    if (obligation.state !== 'dead_lettered') return
    obligation.state = 'waiting'
    obligation.passed = false
    delete obligation.ref
  }

  #checkDue(before: readonly NaiveRun[], next: Pick<NaiveRun, 'attempt' | 'startedAt'>, group: string): void {
    const failed = before.filter(({ attempt }) => attempt + 1 === next.attempt)
    const isHeld = ({ held, dueAt }: NaiveRun): boolean =>
      held === true && dueAt !== undefined && dueAt - next.startedAt > earlyMs
    if (failed.length > 0 && failed.every(isHeld)) this.#messages.raise('early_retry', group)
  }

  interrupt(obligation: NaiveObligation, run: NaiveRun): void {
    run.outcome = 'interrupted'
    if (obligation.state === 'handling' && obligation.runs.every(({ outcome }) => outcome !== undefined)) {
      obligation.state = 'waiting'
    }
  }
}
