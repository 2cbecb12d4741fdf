import fc from 'fast-check'
import type { FlowFigures } from '#contracts/api/flow.ts'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { PackingLimits } from '../journeys/packing.ts'
import { forgetPast, leftByKill, temporary } from './intake.fixture.ts'
import { allPacked, frameOf, groupsOf, openIntake } from './system.fixture.ts'

export const checkoutFlow: FlowDeclaration = {
  ...{ name: 'checkout', starts: 'order_placed', ends: ['paid', 'declined'], withinMs: 200 },
}

/** Anything that may happen to flows. */
export const flowStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), late: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('follow' as const),
      pick: fc.nat(),
      type: fc.constantFrom('paid', 'paid', 'declined', 'packed', 'order_placed'),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      pick: fc.nat(),
      state: fc.constantFrom(
        'acked' as const,
        'acked' as const,
        'acked' as const,
        'failed' as const,
        'indeterminate' as const,
      ),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick: fc.nat(),
      outcome: fc.constantFrom('ok' as const, 'ok' as const, 'dead' as const, 'begun' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drain' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redrive' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tell' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), after: fc.constantFrom(5, 60, 250) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), clean: fc.boolean() }) },
)
export type FlowStep = typeof flowStep extends fc.Arbitrary<infer Value> ? Value : never

interface Sent {
  id: string
  seq: number
  type: string
  /** The first event of its flow. */
  first: string
  producer: string
  at: number
  reported: boolean
  accepted: boolean
  /** Its publish failed, and that is the last word. */
  refused: boolean
  /** Counts the acceptances. */
  order: number
}

/** Flows of a lab with two publishing services, followed by the control plane and, naively, by this. */
export class FlowHistory {
  system!: Awaited<ReturnType<typeof openIntake>>
  readonly sent: Sent[] = []
  readonly #held: { source: string; records: TelemetryRecord[]; message: Sent }[] = []
  readonly #numbers = new Map<string, number>()
  readonly #runs = new Map<string, number>()
  readonly #options: { flows: FlowDeclaration[]; kept: number; keptFlows: number; packing?: PackingLimits }
  #directory = ''
  #accepted = 0
  now = 1_000_000

  constructor(kept: number, arePacked: boolean) {
    this.#options = { flows: [checkoutFlow], kept, keptFlows: 10_000, ...(arePacked ? { packing: allPacked } : {}) }
  }

  async open(): Promise<void> {
    this.#directory ||= await temporary()
    this.system = await openIntake(this.#directory, { ...this.#options, now: () => this.now })
  }

  async take(step: FlowStep): Promise<void> {
    this.now += 1
    if (step.do === 'begin') this.#publish('producer-1', 'order_placed', undefined, step.late)
    else if (step.do === 'follow') {
      const cause = this.#pick(step.pick)
      if (cause) this.#publish('payment-1', step.type, cause.first, false)
    } else if (step.do === 'answer') for (const message of this.#some(step.pick)) this.#answer(message, step.state)
    else if (step.do === 'deliver') for (const message of this.#some(step.pick)) this.#deliver(message, step.outcome)
    else if (step.do === 'drain') {
      this.#tell()
      for (const message of this.sent) this.#answer(message, 'acked')
      for (const message of this.sent) if (message.accepted) this.#deliver(message, 'ok')
    } else if (step.do === 'redrive') {
      const message = this.#pick(step.pick)
      const record = { kind: 'delivery.redriven' as const, at: this.now, group: 'consumer-email' }
      if (message) {
        this.#push('web', [{ ...record, phase: 'sending', ids: [message.id] }])
        this.#push('web', [{ ...record, phase: 'stored', ids: [message.id] }])
      }
    } else if (step.do === 'tell') this.#tell()
    else if (step.do === 'look') this.look(step.after)
    else await this.#restart(step.clean)
  }

  /** Time passes, and what has stalled until then is entered. */
  look(after: number): void {
    this.now += after
    const { flows, intake } = this.system
    flows.look(undefined)
    intake.resolve(flows.look(this.now).map((flow) => ({ what: 'stalled' as const, ...flow })))
  }

  /** What became of the flows, derived from all that happened and from the journeys that are open. */
  figures(): FlowFigures {
    const ends: Record<string, number> = { paid: 0, declined: 0 }
    const figures = { flow: 'checkout', started: 0, open: 0, ended: 0, endedBy: ends }
    const counted = { overdue: 0, conflicting: 0 }
    for (const first of this.sent.filter((message) => message.first === message.id && message.accepted)) {
      figures.started += 1
      const ends = this.endsOf(first.id)
      if (ends.length > 0 && !this.#isOpen(first.id)) {
        figures.ended += 1
        const by = ends[0] ?? ''
        figures.endedBy[by] = (figures.endedBy[by] ?? 0) + 1
        if (ends.length > 1) counted.conflicting += 1
      } else if (first.at + checkoutFlow.withinMs <= this.now) counted.overdue += 1
      else figures.open += 1
    }
    return { ...figures, ...counted }
  }

  /** Flows past their time without an end of which nothing is open. */
  stalled(): string[] {
    return this.sent
      .filter(({ id, first, accepted, at }) => id === first && accepted && at + checkoutFlow.withinMs <= this.now)
      .filter(({ id }) => this.endsOf(id).length === 0 && !this.#isOpen(id))
      .map(({ id }) => id)
  }

  /** Types of the ends that a flow reached, in that order. */
  endsOf(first: string): string[] {
    const ends = this.sent
      .filter((message) => message.first === first && message.id !== first && message.accepted && message.reported)
      .filter(({ type }) => checkoutFlow.ends.includes(type))
      .sort((a, b) => a.order - b.order)
    return [...new Set(ends.map(({ type }) => type))]
  }

  #isOpen(first: string): boolean {
    const { ledger, traces } = this.system
    return this.sent.some((message) => {
      if (message.first !== first || !message.reported) return false
      const found = ledger.find(message.id)
      const journey = found && traces.get(found.sequence, found.seq)
      return journey !== undefined && traces.isOpen(journey)
    })
  }

  #pick = (pick: number): Sent | undefined => this.sent[pick % Math.max(this.sent.length, 1)]

  /** Up to four messages that come one after the other. */
  #some = (pick: number): Sent[] => this.sent.slice(pick % Math.max(this.sent.length, 1)).slice(0, 4)

  #publish(producer: string, type: string, first: string | undefined, late: boolean): void {
    const seq = (this.#numbers.get(`${producer} ${type}`) ?? 0) + 1
    this.#numbers.set(`${producer} ${type}`, seq)
    const id = `${producer}:1:${type}:${seq}`
    const message = {
      id,
      seq,
      type,
      first: first ?? id,
      producer,
      at: this.now,
      reported: false,
      ...{ accepted: false, refused: false },
      order: 0,
    }
    this.sent.push(message)
    const records: TelemetryRecord[] = [
      {
        ...{ kind: 'publish.attempted', at: this.now, producer, epoch: 1, topic: type },
        messages: [
          {
            ...{
              seq,
              type,
              version: 1,
              key: `key-${seq}`,
              traceparent: '',
              time: new Date(this.now).toISOString(),
              body: '{}',
            },
            ...(first === undefined ? {} : { correlationId: first, hops: 1 }),
          },
        ],
      },
    ]
    if (late || this.#held.some(({ message: held }) => held.producer === producer)) {
      this.#held.push({ source: producer, records, message })
      return
    }
    this.#push(producer, records)
    message.reported = true
  }

  /** What sidecars held back comes. */
  #tell(): void {
    for (const { source, records, message } of this.#held.splice(0)) {
      this.#push(source, records)
      message.reported = true
      this.#countFromNow(message)
    }
  }

  /** What came before the first event of its flow counts from when that is reported, in the order in which it was reported itself. */
  #countFromNow({ id }: Sent): void {
    const early = this.sent.filter((message) => message.first === id && message.id !== id && message.accepted)
    for (const [index, message] of early.entries()) message.order = this.#accepted + (index + 1) / (early.length + 1)
  }

  #answer(message: Sent, state: 'acked' | 'failed' | 'indeterminate'): void {
    if (!message.reported || message.accepted || message.refused) return
    const { producer, type: topic, seq } = message
    this.#push(producer, [
      { kind: 'publish.settled', at: this.now, producer, epoch: 1, topic, outcomes: [{ seq, state }] },
    ])
    this.#noteAccepted(message)
  }

  #deliver(message: Sent, outcome: 'ok' | 'dead' | 'begun'): void {
    if (message.refused) return
    for (const group of groupsOf(message.type)) {
      const who = { group, instance: `${group}-1` }
      const receiveCount = (this.#runs.get(message.id + group) ?? 0) + 1
      this.#runs.set(message.id + group, receiveCount)
      const run = { id: message.id, attempt: 1, receiveCount }
      const records: TelemetryRecord[] = [
        { kind: 'delivery.started', at: this.now, ...who, deliveries: [{ ...run, receivedAt: this.now }] },
      ]
      const ended = { ...run, startedAt: this.now, endedAt: this.now + 0.5 }
      const ids = [message.id]
      const at = this.now + 0.5
      if (outcome === 'ok') {
        records.push({ kind: 'delivery.ended', at, ...who, deliveries: [{ ...ended, outcome: 'ok' }] })
        records.push({ kind: 'delivery.settled', at, ...who, settlement: 'acked', ids })
      } else if (outcome === 'dead') {
        const next = { state: 'dead_lettered' as const, reason: 'max_attempts' as const }
        records.push({ kind: 'delivery.ended', at, ...who, deliveries: [{ ...ended, outcome: 'error', next }] })
        records.push({ kind: 'delivery.settled', at, ...who, settlement: 'dead_lettered', ids })
      }
      this.#push(who.instance, records)
    }
    this.#noteAccepted(message)
  }

  #publishOf({ id }: Sent): string | undefined {
    const { ledger, traces } = this.system
    const found = ledger.find(id)
    return found && traces.get(found.sequence, found.seq)?.publish
  }

  #noteAccepted(message: Sent): void {
    const publish = this.#publishOf(message)
    if (publish === 'failed') message.refused = true
    if (message.accepted || (publish !== 'acked' && publish !== 'recovered')) return
    message.accepted = true
    this.#accepted += 1
    message.order = this.#accepted
  }

  #push(source: string, records: TelemetryRecord[]): void {
    const seq = (this.#numbers.get(source) ?? 0) + 1
    this.#numbers.set(source, seq)
    this.system.intake.takeFrames([frameOf(source, seq, records)])
    this.system.traces.rest()
  }

  async #restart(clean: boolean): Promise<void> {
    if (clean) {
      await this.system.intake.close()
      await forgetPast(this.#directory)
    } else this.#directory = await leftByKill(this.#directory)
    await this.open()
    this.look(0)
  }
}
