import type { Envelope } from '#contracts/events/envelope.ts'
import { envelopeOf, headersOf } from '#contracts/events/envelope.ts'
import {
  type BrokerSnapshot,
  BrokerUnavailable,
  type Delivery,
  type Leavings,
  type Wiring,
} from '#workers/broker/broker.ts'

/** A message in a queue of the toy broker. */
export interface Stored {
  ref: string
  topic: string
  raw: string
  headers: Record<string, string>
  attempt: number
  receiveCount: number
  /** Epoch milliseconds before which nobody gets it. */
  dueAt: number
  /** Who has it in flight. */
  holder?: object
}

interface Queue {
  /** Made by `declare`; others are somebody else's and are left alone. */
  isOwn: boolean
  /** Types taken, by topic. */
  bindings: Map<string, readonly string[]>
  messages: Stored[]
  /** Oldest first, with the time at which each came. */
  dead: (Stored & { at: number })[]
}

/** The toy broker itself: queues in the memory of one process, which can be away and come back. AWAY ↔ UP. */
export class ToyStore {
  isUp = true
  readonly #topics = new Set<string>()
  readonly #queues = new Map<string, Queue>()
  #count = 0

  /** Throws `BrokerUnavailable` while it is away. */
  requireUp(): void {
    if (!this.isUp) throw new BrokerUnavailable('the toy broker is away')
  }

  find = (group: string): Queue | undefined => this.#queues.get(group)

  /** A queue; makes it if there is none. */
  queue(group: string, isOwn: boolean): Queue {
    const known = this.#queues.get(group)
    if (known) return known
    const made: Queue = { isOwn, bindings: new Map(), messages: [], dead: [] }
    this.#queues.set(group, made)
    return made
  }

  declare({ topics, groups }: Wiring): void {
    this.requireUp()
    for (const { topic } of topics) this.#topics.add(topic)
    for (const { isOwn, bindings } of this.#queues.values()) if (isOwn) bindings.clear()
    for (const { group, topics: wired, types } of groups) {
      const { bindings } = this.queue(group, true)
      for (const topic of wired) bindings.set(topic, types)
    }
  }

  drop({ groups, topics }: Leavings): void {
    this.requireUp()
    for (const group of groups) this.#queues.delete(group)
    for (const topic of topics) this.#topics.delete(topic)
  }

  /** Puts a message into every queue that takes it; answers its name, or undefined if there is no such topic. */
  take(envelope: Envelope): string | undefined {
    if (!this.#topics.has(envelope.topic)) return undefined
    for (const { bindings, messages } of this.#queues.values())
      if (bindings.get(envelope.topic)?.includes(envelope.type))
        messages.push(this.newMessage(envelope.topic, envelope.body, headersOf(envelope)))
    return this.#nextRef()
  }

  #nextRef(): string {
    this.#count += 1
    return String(this.#count)
  }

  newMessage = (topic: string, raw: string, headers: Record<string, string>): Stored => ({
    ...{ ref: this.#nextRef(), topic, raw, headers },
    ...{ attempt: 1, receiveCount: 0, dueAt: 0 },
  })

  /** Up to `max` messages that are due, which `holder` has from now on. */
  receive(group: string, holder: object, max: number): Stored[] {
    const due = (this.find(group)?.messages ?? []).filter((one) => one.holder === undefined && one.dueAt <= Date.now())
    for (const message of due.slice(0, max)) {
      message.holder = holder
      message.receiveCount += 1
    }
    return due.slice(0, max)
  }

  inspect(): BrokerSnapshot {
    this.requireUp()
    const own = [...this.#queues].filter(([, { isOwn }]) => isOwn)
    const count = (messages: Stored[], of: (one: Stored) => boolean): number => messages.filter(of).length
    return {
      queues: own.map(([group, { messages, dead }]) => ({
        group,
        visible: count(messages, (one) => one.holder === undefined && one.dueAt <= Date.now()),
        inFlight: count(messages, (one) => one.holder !== undefined),
        delayed: count(messages, (one) => one.holder === undefined && one.dueAt > Date.now()),
        deadLetters: dead.length,
      })),
      bindings: own.flatMap(([group, { bindings }]) => [...bindings.keys()].map((topic) => ({ topic, group }))),
    }
  }
}

/** A stored message as the port hands it on. */
export function deliveryOf(group: string, message: Stored): Delivery {
  const { topic, raw, headers, attempt, receiveCount, ref } = message
  const envelope = envelopeOf(topic, headers, raw)
  return {
    ...{ topic, group, raw, headers: { ...headers }, attempt, receiveCount, ref, receivedAt: Date.now() },
    ...(envelope === undefined ? {} : { envelope }),
  }
}
