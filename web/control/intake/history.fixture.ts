import fc from 'fast-check'
import { expect } from 'vitest'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PackingLimits } from '../journeys/packing.ts'
import { Coverage, pipeMs } from '../ledger/coverage.ts'
import { judge } from '../verdict/judge.ts'
import { figuresOfBooks, forgetPast, leftByKill, temporary } from './intake.fixture.ts'
import { NaiveLedger } from './naive-ledger.fixture.ts'
import { allPacked, frameOf, groups, groupsOf, openIntake } from './system.fixture.ts'

export const needsEffect = (group: string): boolean => group === 'consumer-db'

/** Anything that may happen in a lab. */
export const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      count: fc.integer({ min: 1, max: 4 }),
      a: fc.boolean(),
      // Numbers that are left out before them.
      skip: fc.constantFrom(0, 0, 0, 0, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('say again' as const), pick: fc.nat(), sameTime: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      pick: fc.nat(),
      state: fc.constantFrom('acked' as const, 'acked' as const, 'failed' as const, 'indeterminate' as const),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick: fc.nat(),
      group: fc.constantFrom(...groups),
      replica: fc.constantFrom(1, 2),
      ref: fc.constantFrom(undefined, '0@1', '0@2', '1@1'),
      outcome: fc.constantFrom(
        'ok' as const,
        'ok' as const,
        'suppressed' as const,
        'without effect' as const,
        'retry' as const,
        'held' as const,
        'unanswered' as const,
        'dead' as const,
        'dying' as const,
        'crash' as const,
        'interrupted' as const,
        'committed first' as const,
        'committed only' as const,
        'fenced' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('redrive' as const),
      pick: fc.nat(),
      group: fc.constantFrom(...groups),
      phases: fc.constantFrom(['sending' as const], ['stored' as const], ['sending' as const, 'stored' as const]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      group: fc.constantFrom(...groups),
      replica: fc.constantFrom(1, 2),
      reported: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resend' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('judge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('absent' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('epoch' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), clean: fc.boolean() }) },
)
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
type Delivery = Extract<Step, { do: 'deliver' }>

/** A lab in which anything may happen, reported to the ledger and to the model alike. */
export class RandomHistory {
  readonly model = new NaiveLedger(groupsOf, needsEffect)
  system!: Awaited<ReturnType<typeof openIntake>>
  readonly #kept: number
  readonly #packing: { packing?: PackingLimits }
  readonly #sent: TelemetryFrame[] = []
  readonly #seqs = new Map<string, number>()
  readonly #incarnations = new Map<string, number>()
  readonly #runs = new Map<string, number>()
  #directory = ''
  #epoch = 1
  #last = 0
  #at = 1_000_000

  constructor(kept: number, arePacked: boolean) {
    this.#kept = kept
    this.#packing = arePacked ? { packing: allPacked } : {}
  }

  /** Of the system at work. */
  get directory(): string {
    return this.#directory
  }

  /** The moment of the next step. */
  get at(): number {
    return this.#at
  }

  async open(): Promise<void> {
    this.#directory ||= await temporary()
    this.system = await openIntake(this.#directory, {
      kept: this.#kept,
      now: () => this.#at,
      needsEffect,
      ...this.#packing,
    })
  }

  async take(action: Step, index: number): Promise<void> {
    this.#at += 10
    if (action.do === 'publish') this.#publish(action.count, action.a, { index, skip: action.skip ?? 0 })
    else if (action.do === 'say again' && this.#last > 0) this.#sayAgain(action.pick, action.sameTime)
    else if (action.do === 'answer' && this.#last > 0) this.#answer(action.pick, action.state)
    else if (action.do === 'deliver') this.#deliver(action)
    else if (action.do === 'redrive') {
      const { group, pick, phases } = action
      for (const phase of phases) {
        this.#push('web', [{ kind: 'delivery.redriven', at: this.#at, group, phase, ids: [this.#id(pick)] }])
      }
    } else if (action.do === 'end') this.#end(`${action.group}-${action.replica}`, action.group, action.reported)
    else if (action.do === 'resend' && this.#sent.length > 0) {
      const frame = this.#sent[action.pick % this.#sent.length]
      if (frame) this.system.intake.takeFrames([frame])
    } else if (action.do === 'judge') this.#judge()
    else if (action.do === 'absent' && this.#last > 0) {
      const id = this.#id(action.pick)
      this.system.intake.resolve([{ what: 'absent', id, at: this.#at }])
      this.model.absent(id)
    } else if (action.do === 'epoch' && this.#last > 0) {
      this.#epoch += 1
      this.#last = 0
      this.model.epoch()
      this.system.intake.epochGranted('producer-1', this.#epoch, this.#at)
    } else if (action.do === 'restart') await this.#restart(action.clean)
  }

  /** Up to two messages ahead of what the producer's sidecar has reported. */
  #id = (pick: number): string => `producer-1:${this.#epoch}:orders:${(pick % (this.#last + 2)) + 1}`

  #push(source: string, records: TelemetryRecord[]): void {
    const incarnation = `${source}#${this.#incarnations.get(source) ?? 0}`
    const seq = (this.#seqs.get(incarnation) ?? 0) + 1
    this.#seqs.set(incarnation, seq)
    const frame = { ...frameOf(incarnation, seq, records), source }
    this.#sent.push(frame)
    this.system.intake.takeFrames([frame])
    for (const record of records) this.model.apply(record)
  }

  #publish(count: number, a: boolean, { index, skip }: { index: number; skip: number }): void {
    this.#last += skip
    const messages = Array.from({ length: count }, (_, n) => ({
      seq: this.#last + n + 1,
      type: a ? 'order_placed' : 'payment_failed',
      version: 1,
      traceparent: '',
      time: new Date(this.#at).toISOString(),
      body: `{"n":${index}}`,
      ...((this.#last + n) % 3 === 0
        ? { correlationId: `producer-1:${this.#epoch}:orders:1`, hops: 1, givenId: `own-${n}` }
        : {}),
    }))
    this.#last += count
    this.#push('producer-1', [{ kind: 'publish.attempted', at: this.#at, ...this.#sequence(), messages }])
  }

  /** The producer publishes under a number that it may have used: another message, or one that was left out before. */
  #sayAgain(pick: number, sameTime: boolean): void {
    const seq = (pick % this.#last) + 1
    const time = new Date(sameTime ? 0 : this.#at).toISOString()
    const message = { seq, type: 'order_placed', version: 1, traceparent: '', time, body: '{}' }
    this.#push('producer-1', [{ kind: 'publish.attempted', at: this.#at, ...this.#sequence(), messages: [message] }])
  }

  #sequence = () => ({ producer: 'producer-1', epoch: this.#epoch, topic: 'orders' })

  #answer(pick: number, state: 'acked' | 'failed' | 'indeterminate'): void {
    const seq = (pick % this.#last) + 1
    this.#push('producer-1', [
      { kind: 'publish.settled', at: this.#at, ...this.#sequence(), outcomes: [{ seq, state }] },
    ])
  }

  #deliver({ pick, group, replica, ref, outcome }: Delivery): void {
    const id = this.#id(pick)
    const receiveCount = (this.#runs.get(id + group) ?? 0) + 1
    this.#runs.set(id + group, receiveCount)
    const at = this.#at
    const who = { group, instance: `${group}-${replica}` }
    const run = { id, attempt: receiveCount, receiveCount }
    const say = (...records: TelemetryRecord[]): void => this.#push(who.instance, records)
    const settled = (settlement: 'acked' | 'released' | 'dead_lettered' | 'retrying' | 'fenced'): TelemetryRecord => ({
      kind: 'delivery.settled',
      at: at + 3,
      ...who,
      settlement,
      ids: [id],
    })
    const started = { ...run, receivedAt: at, ...(ref === undefined ? {} : { ref }) }
    say({ kind: 'delivery.started', at, ...who, deliveries: [started] })
    if (outcome === 'crash') return
    if (outcome === 'committed first' || outcome === 'committed only') say(settled('acked'))
    if (outcome === 'committed only') return
    const isOk = ['ok', 'suppressed', 'without effect', 'committed first', 'fenced'].includes(outcome)
    const effect = { kind: 'row' as const, ref: id, ...(outcome === 'suppressed' ? { suppressed: true } : {}) }
    const next =
      outcome === 'retry' || outcome === 'held' || outcome === 'unanswered'
        ? { next: { state: 'retrying' as const, dueAt: at + 45 } }
        : outcome === 'dead' || outcome === 'dying'
          ? { next: { state: 'dead_lettered' as const, reason: 'max_attempts' as const } }
          : {}
    say({
      kind: 'delivery.ended',
      at: at + 2,
      ...who,
      deliveries: [
        {
          ...run,
          startedAt: at,
          endedAt: at + 2,
          outcome: isOk ? 'ok' : outcome === 'interrupted' ? 'interrupted' : 'error',
          ...(isOk && outcome !== 'without effect' ? { effect } : {}),
          ...(outcome === 'unanswered' ? { error: { type: 'SmtpUnanswered', message: 'no answer' } } : {}),
          ...next,
        },
      ],
    })
    if (outcome === 'held') say(settled('retrying'))
    else if (outcome === 'dead') say(settled('dead_lettered'))
    else if (outcome === 'interrupted') say(settled('released'))
    else if (outcome === 'fenced') say(settled('fenced'))
    else if (outcome === 'ok' || outcome === 'suppressed' || outcome === 'without effect') say(settled('acked'))
  }

  /** A process ends; its sidecar reports it, or only its successor shows it. */
  #end(instance: string, service: string, reported: boolean): void {
    const number = this.#incarnations.get(instance) ?? 0
    if (!this.#seqs.has(`${instance}#${number}`)) return
    const ended = { kind: 'process.ended' as const, at: this.#at, service, instance, how: 'SIGKILL' }
    if (reported) this.#push(`${service}.sidecar`, [{ ...ended, incarnation: `${instance}#${number}` }])
    this.#incarnations.set(instance, number + 1)
    if (!reported) this.#push(instance, [{ ...ended, incarnation: 'none' }])
    this.model.gone(instance, this.#at)
  }

  #judge(): void {
    const coverage = new Coverage()
    for (const service of ['producer', ...groups]) {
      coverage.connected(service, this.#at + pipeMs)
      coverage.pushed(service, 0, this.#at + pipeMs)
    }
    const order = (decided: { what: string; id: string; group?: string | undefined }[]) =>
      decided.map(({ what, id, group = '' }) => `${what} ${id} ${group}`).sort()
    const decided = judge(this.system.context, coverage)
    this.system.intake.resolve(decided)
    // Of a message of which only bits are left nothing is followed: that a group which was never owed it lost it is not found.
    const { ledger, traces } = this.system
    const isKept = (id: string): boolean => {
      const found = ledger.find(id)
      return found !== undefined && traces.get(found.sequence, found.seq) !== undefined
    }
    const expected = this.model.judge().filter(({ what, id }) => what !== 'lost' || isKept(id))
    // What was judged before is seen again after a restart and changes nothing.
    expect(order(decided)).toEqual(expect.arrayContaining(order(expected)))
  }

  async #restart(clean: boolean): Promise<void> {
    const before = figuresOfBooks(this.system)
    if (clean) {
      await this.system.intake.close()
      await forgetPast(this.#directory)
    } else this.#directory = await leftByKill(this.#directory)
    await this.open()
    expect(figuresOfBooks(this.system)).toEqual(before)
  }
}
